import { setTimeout as sleep } from 'node:timers/promises'
import type { Scoreboard } from '../../../dashboard/read-model.ts'
import { InstanceError } from '../instance.ts'
import { explainUnanswered } from '../load/ground.ts'
import { answerWithinMs, readScoreboard } from './scoreboard.ts'

export type CanaryVote = {
  url: string
  /** The poll's scoreboard before the vote. */
  poll: Scoreboard
  timeoutMs: number
  say: (text: string) => void
}

const askEveryMs = 250

/**
 * Casts one vote for the poll's first option, waits until the scoreboard shows one more, and says how long both took.
 *
 * @throws InstanceError when the vote is refused, or not counted in time; the message has what the scoreboard showed last
 */
export const castAndWait = async ({ url, poll: before, timeoutMs, say }: CanaryVote): Promise<void> => {
  const poll = before.poll.id
  const option = before.options[0]?.id ?? ''
  const sentAt = performance.now()
  const took = (): string => `${Math.round(performance.now() - sentAt).toLocaleString('en-US')} ms`

  const receipt = await cast(url, poll, option)
  say(`Accepted in ${took()}: ${receipt}`)

  const expected = votesFor(option, before) + 1
  let board = before
  while (votesFor(option, board) < expected) {
    if (performance.now() - sentAt > timeoutMs)
      throw new InstanceError(
        `The vote was accepted (${receipt}) and is not counted after ${timeoutMs / 1_000} s: ${shown(option, board)}, expected ${expected}.`,
      )
    await sleep(askEveryMs)
    // A poll that is unknown for a moment is waited for like a count that is late.
    board = (await readScoreboard(url, poll)) ?? board
  }
  say(`Counted in ${took()}: ${shown(option, board)}.`)
}

/** @returns the receipt, as `npm run audit -- find` takes it */
const cast = async (url: string, poll: string, option: string): Promise<string> => {
  const path = `${url}/polls/${poll}/votes`
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ option }),
    signal: AbortSignal.timeout(answerWithinMs),
  }).catch((error: unknown) => {
    throw explainUnanswered(error, url)
  })
  const text = await response.text()
  if (response.status !== 202)
    throw new InstanceError(`POST ${path} was answered ${response.status}, expected 202: ${text}`)
  const { receipt } = JSON.parse(text) as { receipt: { shardId: string; sequenceNumber: string } }
  return `${receipt.shardId}:${receipt.sequenceNumber}`
}

const votesFor = (option: string, { options }: Scoreboard): number =>
  options.find(({ id }) => id === option)?.votes ?? 0

const shown = (option: string, board: Scoreboard): string => {
  const rejected = Object.entries(board.rejected).map(([reason, votes]) => `, ${votes} rejected as ${reason}`)
  const behind = board.freshness.behindMs
  const reading = behind === null ? '' : `, counting ${behind.toLocaleString('en-US')} ms behind`
  return `the scoreboard shows ${votesFor(option, board)} for ${option}${rejected.join('')}${reading}`
}
