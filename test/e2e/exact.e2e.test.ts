import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Scoreboard, Stats, WindowsView } from '../../dashboard/read-model.ts'
import { localClient } from '../../infra/local/handler-environment.ts'
import { defaultTableName } from '../../ingest/count-table.ts'
import { pollStore } from '../../ingest/poll.store.ts'
import { until } from '../infra/local/until.ts'
import { read, startPlacar } from './placar.ts'
import { putRecords } from './stream.ts'
import { voters } from './voters.ts'

const total = 100_000
const connections = 64
const options = [
  { id: 'ana', label: 'Ana' },
  { id: 'bia', label: 'Bia' },
  { id: 'constructor', label: 'Constructor' },
]

/** What a vote is, by its number: one in 50 is invalid, in each way there is, in turn. */
type Kind = {
  path: string
  body: string
  status: 202 | 400 | 404 | 415
  option?: string
  reason?: string
  type?: string
}

const bad: readonly Kind[] = [
  { path: '/polls/main/votes', body: '{"option":"nobody"}', status: 202, reason: 'unknown_option' },
  { path: '/polls/nowhere/votes', body: '{"option":"ana"}', status: 202, reason: 'unknown_poll' },
  { path: '/polls/later/votes', body: '{"option":"ana"}', status: 202, reason: 'not_open_yet' },
  { path: '/polls/earlier/votes', body: '{"option":"ana"}', status: 202, reason: 'closed' },
  { path: '/polls/main/votes', body: '{"option":', status: 400 },
  { path: '/polls/main/votes', body: '{"option":"A!"}', status: 400 },
  { path: '/polls/NOT A POLL/votes'.replaceAll(' ', '%20'), body: '{"option":"ana"}', status: 404 },
  { path: '/polls/main/votes', body: 'option=ana', status: 415, type: 'text/plain' },
]

const kindOf = (n: number): Kind => {
  if (n % 50 === 49) return bad[Math.floor(n / 50) % bad.length] as Kind
  const option = options[n % 7 < 4 ? 0 : n % 7 < 6 ? 1 : 2]?.id ?? ''
  return { path: '/polls/main/votes', body: JSON.stringify({ option }), status: 202, option }
}

const increase = (counts: Record<string, number>, key: string, by = 1): void => {
  counts[key] = (Object.hasOwn(counts, key) ? (counts[key] ?? 0) : 0) + by
}

describe('100,000 votes by 64 connections, 1 in 50 of them invalid', () => {
  it('are counted or rejected to the vote, per option and per reason', async () => {
    const placar = await startPlacar({ flags: ['--no-shard-limits'] })
    const client = new DynamoDBClient(localClient(placar.awsEndpoint))
    onTestFinished(() => client.destroy())
    const polls = pollStore(client, defaultTableName)
    const hour = 3_600_000
    await polls.createPoll({ id: 'main', title: 'Main', options })
    await polls.createPoll({ id: 'later', title: 'Later', options, opensAt: Date.now() + hour })
    const earlier = await polls.createPoll({
      id: 'earlier',
      title: 'Earlier',
      options,
      closesAt: Date.now() + 4000,
    })
    await until(() => Date.now() > (earlier.closesAt ?? 0))

    const crowd = voters(placar.url, connections)
    onTestFinished(() => crowd.leave())
    const counts: Record<string, number> = {}
    const rejected: Record<string, number> = {}
    let accepted = 0
    let next = 0
    const voter = async (): Promise<void> => {
      for (let n = next++; n < total; n = next++) {
        const { path, body, status, option, reason, type } = kindOf(n)
        const answer = await crowd.post(path, body, type === undefined ? {} : { 'content-type': type })
        expect(answer).toMatchObject({ status })
        if (status === 202) accepted += 1
        if (option !== undefined) increase(counts, option)
        if (reason !== undefined) increase(rejected, reason)
      }
    }
    await Promise.all(Array.from({ length: connections }, voter))
    // What no gateway would let in, another producer could still put into the stream.
    await putRecords(placar, [
      '{',
      'null',
      '{"v":1,"poll":"main","acceptedAt":1,"n":7,"votes":[{"option":"ana"}]}',
      '{"v":2,"n":3}',
      '{"v":1,"control":"close","poll":{"id":"main","shards":[]}}',
    ])
    increase(rejected, 'malformed', 1 + 1 + 7 + 1)
    increase(rejected, 'unsupported_version', 3)
    const received = accepted + 13

    const stats = await until(async () => {
      const found = await read<Stats>(placar, '/stats')
      const seen = found.counted + Object.values(found.rejected).reduce((all, one) => all + one, 0)
      return seen >= received && found
    })
    expect(stats).toMatchObject({ counted: received - sumOf(rejected), rejected })
    expect(Object.keys(stats.rejected).sort()).toEqual(Object.keys(rejected).sort())

    const board = await read<Scoreboard>(placar, '/polls/main/scoreboard')
    expect(Object.fromEntries(board.options.map(({ id, votes }) => [id, votes]))).toEqual(counts)
    expect(board).toMatchObject({
      counted: sumOf(counts),
      rejected: { unknown_option: rejected.unknown_option },
    })
    expect(await read<Scoreboard>(placar, '/polls/later/scoreboard')).toMatchObject({
      counted: 0,
      rejected: { not_open_yet: rejected.not_open_yet },
    })
    // It has closed meanwhile: what came behind its markers is rejected for its shards, in no poll's figures.
    expect(await read<Scoreboard>(placar, '/polls/earlier/scoreboard')).toMatchObject({
      status: 'final',
      counted: 0,
    })

    const inWindows = async (): Promise<number> => {
      const { windows } = await read<WindowsView>(placar, '/polls/main/windows?since=0&limit=1000')
      return windows.reduce((all, window) => all + sumOf(window.counts), 0)
    }
    await until(async () => (await inWindows()) === sumOf(counts))
    const { shards } = await read<{ shards: { counted: number }[] }>(placar, '/polls/main/shards')
    expect(shards.reduce((all, { counted }) => all + counted, 0)).toBe(sumOf(counts))
    expect(await placar.stop()).toBe(0)
  }, 240_000)
})

const sumOf = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((all, one) => all + one, 0)
