import { countText } from '../../../dashboard/site/model/figures.ts'
import { expectFreePort } from '../../local/port.ts'
import { say } from '../load/progress.ts'
import { watchNpm } from '../npm-parent.ts'
import { openSite } from '../start/open-site.ts'
import { type Playing, virtualClock } from './replay-clock.ts'
import { openReplayServer, type ReplayServer } from './replay-server.ts'
import type { Past } from './replay-store.ts'
import { isoText } from './replay-table.ts'

const progressEveryMs = 1000

/** What is played: from the poll's beginning, or its first vote where that came later, until it was final. */
export const playingOf = ({ poll, windows }: Past, speed: number): Playing => {
  const { createdAt, opensAt, closedAt = 0, finalAt } = poll
  const from = Math.max(createdAt, windows[0]?.start ?? opensAt)
  return { from, to: Math.max(from, finalAt ?? Math.max(closedAt, windows.at(-1)?.end ?? 0)), speed }
}

/** Plays a poll's past back on the dashboard, on loopback, until Ctrl-C; its end stays in sight. */
export const play = async (past: Past, speed: number, port: number): Promise<void> => {
  await expectFreePort('127.0.0.1', port, '--port')
  const { site, built } = openSite()
  await built
  const playing = playingOf(past, speed)
  const now = virtualClock(playing, () => performance.now())
  const server = await openReplayServer(past, site, now, port)
  const asked = stopAsked()
  const { from, to } = playing
  console.log(`Poll ${past.poll.id} is played from ${isoText(from)} to ${isoText(to)}, ${speed} times as fast as it was.

  Dashboard  ${server.url}/?poll=${past.poll.id}

  It takes no votes. Stop with Ctrl-C.`)
  const timer = setInterval(progressOf(server, past.poll.id, playing), progressEveryMs)
  await asked
  clearInterval(timer)
  await server.close()
}

/** Tells a line whenever it is called, and no more once it has told the end. */
const progressOf = ({ views }: ReplayServer, pollId: string, { from, to }: Playing): (() => void) => {
  let ended = false
  const tell = async (): Promise<void> => {
    const shown = await views.scoreboard(pollId)
    if (shown === undefined || ended) return
    const { asOf, status, counted } = shown
    const played = to === from ? 1 : Math.min(1, (asOf - from) / (to - from))
    ended = played === 1
    say(
      `${isoText(asOf)}  ${status.padEnd(9)}  ${countText(counted).padStart(9)} votes  ${Math.floor(100 * played)} %\n`,
    )
    if (ended) say('That was the end; the page goes on showing it until Ctrl-C.\n')
  }
  return () => void tell()
}

/** Ctrl-C, which npm hands on a second time; or the end of the npm that started this. */
const stopAsked = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
    watchNpm(resolve)
  })
