/** Numbers as text. The page is in English, so its numbers are too, whatever the browser's language. */
const whole = new Intl.NumberFormat('en')
const tenths = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const hundredths = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const upToHundredths = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })

/** "1,234,567" */
export const countText = (count: number): string => whole.format(count)

/** "1 vote", "2 votes" */
export const votesText = (count: number): string => `${countText(count)} ${count === 1 ? 'vote' : 'votes'}`

/**
 * "66.67%". Rounding never claims all or nothing: one vote of a million reads "<0.01%", all but one ">99.99%".
 *
 * @param share 0–1, as the server rounded it
 * @param votes of the option
 * @param counted of all options
 */
export const shareText = (share: number, votes: number, counted: number): string => {
  const percent = Math.round(share * 10_000) / 100
  if (votes > 0 && percent === 0) return '<0.01%'
  if (votes < counted && percent === 100) return '>99.99%'
  return `${hundredths.format(percent)}%`
}

/** Votes per second: "0", "0.6", "9.9", "10", "1,204". */
export const rateText = (perSecond: number): string =>
  perSecond > 0 && perSecond < 9.95 ? tenths.format(perSecond) : whole.format(Math.round(perSecond))

/** Part of a limit: "0%", "<1%", "81%", "120%"; "100%" only where the limit is reached. */
export const percentText = (part: number): string => {
  if (part > 0 && part < 0.005) return '<1%'
  return `${whole.format(part < 1 ? Math.min(99, Math.round(part * 100)) : Math.round(part * 100))}%`
}

/** "0.92 MiB", "1 MiB" */
export const mebibytesText = (bytes: number): string => `${upToHundredths.format(bytes / 1024 / 1024)} MiB`

/** An age or a delay: "0.8 s", "12 s", "3 min", "2 h"; whole units are cut, not rounded. */
export const ageText = (ms: number): string => {
  if (ms < 9_950) return `${tenths.format(ms / 1000)} s`
  if (ms < 120_000) return `${Math.floor(ms / 1000)} s`
  if (ms < 7_200_000) return `${Math.floor(ms / 60_000)} min`
  return `${Math.floor(ms / 3_600_000)} h`
}

/** A latency, measured in whole milliseconds: "<1 ms", "212 ms", "1.2 s", "35 s", "59 min". */
export const latencyText = (ms: number): string => {
  if (ms < 1) return '<1 ms'
  return ms < 1000 ? `${Math.round(ms)} ms` : ageText(ms)
}

/** Time left on a clock: "0:45", "12:05", "1:02:03", "2 d 3 h"; rounded up, so that 0:00 is the very end. */
export const countdownText = (ms: number): string => {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours >= 48) return `${Math.floor(hours / 24)} d ${hours % 24} h`
  const tail = `${two(minutes % 60)}:${two(seconds % 60)}`
  return hours > 0 ? `${hours}:${tail}` : tail.replace(/^0/, '')
}

const two = (n: number): string => String(n).padStart(2, '0')

/**
 * The time of day, "14:05:10".
 *
 * @param timeZone the browser's own where left out
 */
export const clockText = (epochMs: number, timeZone?: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(epochMs)
