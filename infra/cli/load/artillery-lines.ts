/** What the lines that Artillery prints come to. */
export type ArtilleryLines = {
  /** Takes a line of its output. */
  read(line: string): void
  /** The thresholds that it called missed, as the scenario has them. */
  missed(): readonly string[]
}

/**
 * Makes progress of Artillery's output: each phase as it begins, and every 10 s what was answered since, where it
 * prints fifty lines. Complaints are passed on, each once. The summary is left to the report.
 */
export const artilleryLines = (say: (text: string) => void, elapsedMs: () => number): ArtilleryLines => {
  const missed: string[] = []
  const complaints = new Set<string>()
  let answered: string[] = []
  let summary = false
  const tell = (text: string): void => say(`${(elapsedMs() / 1_000).toFixed(0).padStart(5)} s  ${text}\n`)
  return {
    read: (line) => {
      const phase = /^Phase started: (.*) \(index/.exec(line)?.[1]
      if (phase !== undefined) tell(phase)
      const [, status, count] = /^http\.codes\.(\d+): \.+ (\d+)$/.exec(line) ?? []
      if (!summary && status !== undefined)
        answered.push(`${status} ${Number(count).toLocaleString('en-US')}`)
      // The line after the answers, in each of its reports.
      if (line.startsWith('http.request_rate') && answered.length > 0) {
        tell(`answered  ${answered.join('  ')}`)
        answered = []
      }
      if (line.startsWith('Summary report')) summary = true
      const threshold = /^fail: (.*)$/.exec(line)?.[1]
      if (threshold !== undefined) missed.push(threshold)
      if (/^(Error|WARNING|Scenario validation error)\b/.test(line) && !complaints.has(line)) {
        complaints.add(line)
        tell(line)
      }
    },
    missed: () => missed,
  }
}
