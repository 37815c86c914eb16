import { KinesisClient, ListShardsCommand, UpdateShardCountCommand } from '@aws-sdk/client-kinesis'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Scoreboard, ShardsView, Stats, WindowsView } from '../../dashboard/read-model.ts'
import { pipeline } from '../../infra/config.ts'
import { localClient } from '../../infra/local/handler-environment.ts'
import { until } from '../infra/local/until.ts'
import { command } from './command.ts'
import { type Placar, read, startPlacar } from './placar.ts'
import { mostWindowsStill, watchScoreboard } from './scoreboard-watch.ts'
import { voters } from './voters.ts'

const connections = 32

/** Votes between one change of the stream and the next, at the least. */
const votesPerCount = 1_500

/** Votes pour into `demo` until told to stop, unevenly for its options; each must be answered 202. */
const pour = (placar: Placar) => {
  const crowd = voters(placar.url, connections)
  onTestFinished(() => crowd.leave())
  const accepted = { ana: 0, bia: 0, caio: 0, davi: 0 }
  const total = (): number => Object.values(accepted).reduce((all, one) => all + one, 0)
  let stopped = false
  const voter = async (): Promise<void> => {
    for (let n = 0; !stopped; n += 1) {
      const option = (['ana', 'bia', 'caio', 'davi', 'ana', 'ana', 'bia'] as const)[n % 7] ?? 'ana'
      const answer = await crowd.post('/polls/demo/votes', JSON.stringify({ option }))
      expect(answer).toMatchObject({ status: 202 })
      accepted[option] += 1
    }
  }
  const all = Promise.all(Array.from({ length: connections }, voter))
  all.catch(() => {}) // told by stop
  return {
    accepted,
    total,
    stop: () => {
      stopped = true
      return all
    },
  }
}

/** The votes go on until enough came in since, and votes of every open shard, so many as there should be, are counted. */
const votedOn = async (
  placar: Placar,
  kinesis: KinesisClient,
  total: () => number,
  shards: number,
): Promise<void> => {
  const before = total()
  await until(() => total() >= before + votesPerCount)
  const open = await openShards(kinesis)
  expect(open).toHaveLength(shards)
  await until(async () => {
    const { shards } = await read<ShardsView>(placar, '/polls/demo/shards')
    const counted = new Set(shards.filter(({ counted }) => counted > 0).map(({ id }) => id))
    return open.every((id) => counted.has(id))
  })
}

/** As Kinesis has them: the dashboard's own word for it may be seconds old. */
const openShards = async (kinesis: KinesisClient): Promise<string[]> => {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: pipeline.streamName }))
  return Shards.filter(({ SequenceNumberRange: range }) => range?.EndingSequenceNumber === undefined).map(
    ({ ShardId = '' }) => ShardId,
  )
}

describe('a stream that is taken from 4 shards to 8 and back while votes pour in', () => {
  it('loses no vote and doubles none, the scoreboard goes on, and the audit agrees', async () => {
    const placar = await startPlacar({ flags: ['--no-shard-limits', '--window-seconds', '1'] })
    const kinesis = new KinesisClient(localClient(placar.awsEndpoint))
    onTestFinished(() => kinesis.destroy())

    const votes = pour(placar)
    const watch = watchScoreboard(placar, 'demo')
    await votedOn(placar, kinesis, votes.total, 4)
    for (const TargetShardCount of [8, 4]) {
      const change = { StreamName: pipeline.streamName, TargetShardCount }
      await kinesis.send(new UpdateShardCountCommand({ ...change, ScalingType: 'UNIFORM_SCALING' }))
      await votedOn(placar, kinesis, votes.total, TargetShardCount)
    }
    await votes.stop()
    await until(async () => {
      const { counted } = await read<Scoreboard>(placar, '/polls/demo/scoreboard')
      return counted >= votes.total()
    })
    const boards = await watch.stop()
    expect(boards.length).toBeGreaterThan(0)

    expect(await command('polls', ['close', '--id', 'demo'], placar)).toMatchObject({ code: 0 })
    const board = await read<Scoreboard>(placar, '/polls/demo/scoreboard')
    expect(board).toMatchObject({
      status: 'final',
      counted: votes.total(),
      rejected: {},
      final: { proved: true },
    })
    expect(Object.fromEntries(board.options.map((option) => [option.id, option.votes]))).toEqual(
      votes.accepted,
    )
    expect(await read<Stats>(placar, '/stats')).toMatchObject({ counted: votes.total(), rejected: {} })
    const { code, output } = await command('audit', ['verify', '--poll', 'demo'], placar)
    expect([code, code === 0 ? '' : output]).toEqual([0, ''])

    const { windows } = await read<WindowsView>(placar, '/polls/demo/windows?since=0&limit=1000')
    expect(windows.flatMap(({ counts }) => Object.values(counts)).reduce((all, one) => all + one, 0)).toBe(
      votes.total(),
    )
    for (const [at, { version, counted, options }] of boards.entries()) {
      const before = boards[at - 1]
      expect(version).toBeGreaterThanOrEqual(before?.version ?? 0)
      expect(counted).toBeGreaterThanOrEqual(before?.counted ?? 0)
      for (const [place, option] of options.entries())
        expect(option.votes).toBeGreaterThanOrEqual(before?.options[place]?.votes ?? 0)
    }
    expect(mostWindowsStill(boards, windows)).toBeLessThanOrEqual(2)
    expect(await placar.stop()).toBe(0)
  })
})
