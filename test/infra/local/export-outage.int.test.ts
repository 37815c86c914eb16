import { expect, it, onTestFinished } from 'vitest'
import type { PartLine } from '../../../aggregators/archive-line.ts'
import { readLedgers, readShardIds } from '../../../aggregators/ledgers.store.ts'
import type { Scoreboard } from '../../../dashboard/read-model.ts'
import { pipeline } from '../../../infra/config.ts'
import { startRuntime } from '../../../infra/local/runtime.ts'
import { pollStore } from '../../../ingest/poll.store.ts'
import { freePort, read } from '../../e2e/placar.ts'
import { voters } from '../../e2e/voters.ts'
import { type Behaviour, failingFirehose } from './failing-firehose.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { until } from './until.ts'

/** How long Firehose misbehaves, in all; 60 s in the longer run (`PLACAR_OUTAGE_SECONDS=60`). */
const outageSeconds = Number(process.env.PLACAR_OUTAGE_SECONDS ?? 6)

const poll = {
  id: 'final',
  title: 'Final',
  options: [
    { id: 'ana', label: 'Ana' },
    { id: 'bia', label: 'Bia' },
  ],
}

it(
  'a Firehose that fails under load, in every way, holds up its own export only, which is complete in chain order afterwards',
  async () => {
    const [port, awsPort] = [await freePort(), await freePort()]
    const firehose = await failingFirehose(`http://127.0.0.1:${awsPort}`)
    const placar = await startRuntime({
      host: '127.0.0.1',
      port,
      awsPort,
      folder: await temporaryFolder(),
      shards: 4,
      windowSeconds: 1,
      shardLimits: false,
      site: new Map(),
      handlerVariables: { AWS_ENDPOINT_URL_FIREHOSE: firehose.url },
    })
    onTestFinished(() => placar.close())
    const polls = pollStore(placar.dynamo, pipeline.tableName)
    await polls.createPoll(poll)
    const crowd = voters(placar.url, 16)
    let voting = true
    const voter = async (): Promise<void> => {
      while (voting) await crowd.post('/polls/final/votes', '{"option":"ana"}')
    }
    const votes = Promise.all(Array.from({ length: 16 }, voter))
    onTestFinished(() => {
      voting = false
      crowd.leave()
    })
    const counted = async (): Promise<number> =>
      (await read<Scoreboard>(placar, '/polls/final/scoreboard')).counted
    const ledgerBytes = async (): Promise<number> => {
      const ids = await readShardIds(placar.dynamo, pipeline.tableName)
      const ledgers = await readLedgers(placar.dynamo, pipeline.tableName, ids)
      return Math.max(...ledgers.map((ledger) => JSON.stringify(ledger).length))
    }
    await until(() => firehose.met('works') > 1)
    const bytesBefore = await ledgerBytes()

    for (const behaviour of ['fails', 'partial', 'hangs'] satisfies Behaviour[]) {
      const before = await counted()
      const endsAt = performance.now() + (outageSeconds * 1000) / 3
      firehose.behave(behaviour)
      const other = { ...poll, id: `while-it-${behaviour}` }
      await polls.createPoll(other)
      await polls.closePoll(other.id, ['shardId-000000000000'])
      // Final while Firehose still misbehaves: closing waits for no sink.
      await until(async () => (await polls.readPoll(other.id))?.finalAt)
      await until(() => performance.now() > endsAt && firehose.met(behaviour) > 0)
      expect(await counted()).toBeGreaterThan(before)
      // Histograms fill up a little; nothing that waits for export is in a ledger.
      expect(await ledgerBytes()).toBeLessThan(2 * bytesBefore + 2000)
    }
    firehose.behave('works')
    voting = false
    await votes

    await polls.closePoll('final', ['shardId-000000000000'])
    await until(async () => (await polls.readPoll('final'))?.exportedAt)
    const lines = firehose.taken
      .join('')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const parts: PartLine[] = lines.filter(({ kind }) => kind === 'part')
    const { heads } = lines.find(({ kind }) => kind === 'poll')
    for (const [shardId, { parts: length }] of Object.entries<{ parts: number }>(heads)) {
      let highest = -1
      for (const { part } of parts.filter((line) => line.shardId === shardId)) {
        expect(part).toBeLessThanOrEqual(highest + 1)
        highest = Math.max(highest, part)
      }
      expect(highest).toBeGreaterThanOrEqual(length - 1)
    }
  },
  outageSeconds * 1000 + 120_000,
)
