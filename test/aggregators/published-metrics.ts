/** A line of CloudWatch's embedded metric format. */
export type PublishedMetrics = Record<string, unknown> & { _aws: { CloudWatchMetrics: unknown[] } }

/** What a handler has published, in what it printed. */
export const publishedIn = (output: readonly string[]): PublishedMetrics[] =>
  output
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('{') && line.includes('"CloudWatchMetrics"'))
    .map((line) => JSON.parse(line))
