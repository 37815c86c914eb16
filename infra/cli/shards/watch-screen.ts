import type { Decision } from '../../../load/shards/auto.ts'
import type { Finding } from '../../../load/shards/heat-finding.ts'
import type { StreamReading } from '../../../load/shards/reading.ts'
import { findingText, readingNotes, shardTable } from '../../../load/shards/show-text.ts'
import { holdText, readingLine } from '../../../load/shards/watch-text.ts'

/** Where a watch is shown. */
export type Screen = {
  /** @param decision what `--auto` makes of it */
  show(reading: StreamReading, found: readonly Finding[], decision: Decision | undefined): void
  /** A line that stays. */
  say(line: string): void
}

type Output = { write(text: string): unknown; columns?: number; rows?: number }

/** The newest reading in place of the one before, as `show` has it; what stays is said above it. */
export const liveScreen = (out: Output): Screen => {
  let drawn = 0
  const erase = (): string => (drawn === 0 ? '' : `\x1b[${drawn}A\x1b[J`)
  return {
    show: (reading, found, decision) => {
      const { columns = 110, rows = 40 } = out
      const words = [
        ...readingNotes(reading),
        ...found.map((finding) => findingText(finding, reading)),
        ...(decision && 'hold' in decision ? [holdText(decision)] : []),
        'Ctrl-C ends.',
      ].flatMap((line) => wrapped(line, columns))
      const table = shardTable(reading).map((line) => line.slice(0, columns))
      // Erasing reaches no further than the screen, so that nothing longer may be drawn.
      const room = Math.max(2, rows - words.length - 3)
      const more = table.length > room ? [`… and ${table.length - room + 1} lines more`] : []
      const lines = [...table.slice(0, room - more.length), ...more, '', ...words].slice(0, rows - 1)
      out.write(`${erase()}${lines.join('\n')}\n`)
      drawn = lines.length
    },
    say: (line) => {
      out.write(`${erase()}${line}\n`)
      drawn = 0
    },
  }
}

/** A line for each reading; findings, and what keeps `--auto` from acting, when they are new: for a log. */
export const lineScreen = (out: Output): Screen => {
  let said: readonly string[] = []
  return {
    show: (reading, found, decision) => {
      const news = new Map(
        found.map((finding) => [`${finding.kind} ${finding.heat.shardId}`, findingText(finding, reading)]),
      )
      if (decision && 'hold' in decision && decision.wanted) news.set(decision.hold, holdText(decision))
      out.write(`${readingLine(reading)}\n`)
      for (const [what, text] of news) if (!said.includes(what)) out.write(`${text}\n`)
      said = [...news.keys()]
    },
    say: (line) => {
      out.write(`${line}\n`)
    },
  }
}

const wrapped = (text: string, columns: number): string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  // A word alone, such as a command's hash key, may still be longer.
  return [...lines, line].flatMap((each) => each.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? [''])
}
