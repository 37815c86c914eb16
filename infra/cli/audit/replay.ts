import { type CommandLine, type Flags, UsageError } from '../command.ts'
import { instanceFlags } from '../instance.ts'
import { archiveFlag } from './archive-place.ts'
import { play } from './replay-play.ts'
import { type FoundPast, findPast } from './replay-poll.ts'
import { isoText, scoreboardLines, worthText } from './replay-table.ts'
import { scoreboardAt } from './replay-views.ts'

/** The flags of `npm run audit -- replay`. */
export const replayFlags = {
  poll: { value: 'ID', says: 'the poll' },
  at: { value: 'ISO', says: 'prints the scoreboard as it stood at that moment, with offset or Z' },
  json: { says: 'with --at: prints it as JSON' },
  speed: { value: 'N', says: 'plays the vote back on the dashboard, N times as fast (1 to 3600)' },
  port: { value: 'PORT', says: 'with --speed: where the dashboard is, on loopback', default: '8090' },
  ...archiveFlag,
  ...instanceFlags,
} as const satisfies Flags

/**
 * Shows a poll's past from the parts in the archive: its scoreboard at one moment, or all of it on the dashboard. Throws
 * `UsageError`, `InstanceError`, `StackError` or `ArchiveError` when it is called wrongly or the poll is not to be found.
 */
export const replay = async (line: CommandLine): Promise<void> => {
  const pollId = line.needed('poll')
  if (line.said('at') === line.said('speed'))
    throw new UsageError('Either --at ISO or --speed N is needed. See --help.')
  const speed = line.said('speed') ? line.number('speed', 1, 3600) : 1
  const port = line.number('port', 0, 65_535)
  const at = line.instant('at')
  const past = await findPast(line, pollId)
  if (at === undefined) await play(past, speed, port)
  else await print(past, at, line.on('json'))
}

const print = async (past: FoundPast, at: number, json: boolean): Promise<void> => {
  const { poll } = past
  if (at < poll.createdAt)
    throw new UsageError(`Poll ${poll.id} was created at ${isoText(poll.createdAt)}; --at must be later.`)
  const board = await scoreboardAt(past, at)
  console.log(json ? JSON.stringify(board, null, 2) : scoreboardLines(board).join('\n'))
  // On stderr, so that the JSON alone is on stdout.
  console.error(`\n${worthText(past, at)}`)
}
