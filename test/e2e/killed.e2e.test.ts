import { describe, expect, it, onTestFinished } from 'vitest'
import type { Scoreboard, Stats } from '../../dashboard/read-model.ts'
import { temporaryFolder } from '../infra/local/temporary-folder.ts'
import { until } from '../infra/local/until.ts'
import { freePort, type Placar, read, startPlacar } from './placar.ts'
import { readStream } from './stream.ts'
import { voters } from './voters.ts'

/** `npm run killed` is the longer run (`killed-run.ts`). */
const kills = Number(process.env.PLACAR_KILLS ?? 3)

/** Votes between two kills; the kill comes while the next ones are under way. */
const votesPerLife = 3000

describe('a Placar that is killed under load', () => {
  it(
    `${kills} times counts every vote that was answered 202 exactly once`,
    async () => {
      const folder = await temporaryFolder()
      const ports = { port: await freePort(), awsPort: await freePort() }
      const start = (): Promise<Placar> =>
        startPlacar({ folder, ports, flags: ['--no-shard-limits', '--window-seconds', '1'] })
      let placar = await start()
      const crowd = voters(placar.url, 32)
      onTestFinished(() => crowd.leave())

      const receipts = new Map<string, string>()
      let sent = 0
      let stopped = false
      const voter = async (): Promise<void> => {
        while (!stopped) {
          const voteId = `vote-${sent++}`
          const answer = await crowd.post('/polls/demo/votes', JSON.stringify({ option: 'ana', voteId }))
          if (answer === 'lost') await new Promise((resume) => setTimeout(resume, 20))
          else if (answer.status === 202) receipts.set(voteId, receiptOf(answer.body))
        }
      }
      const all = Promise.all(Array.from({ length: 32 }, voter))
      for (let life = 1; life <= kills; life += 1) {
        const before = receipts.size
        await until(() => receipts.size >= before + votesPerLife)
        await placar.killTree()
        placar = await start()
      }
      const before = receipts.size
      await until(() => receipts.size >= before + votesPerLife)
      stopped = true
      await all

      const stored = new Map<string, string>()
      for (const { shardId, sequenceNumber, data } of await readStream(placar)) {
        const [{ voteId }] = JSON.parse(data).votes
        expect(stored.has(voteId)).toBe(false)
        stored.set(voteId, `${shardId}:${sequenceNumber}`)
      }
      for (const [voteId, receipt] of receipts) expect(stored.get(voteId)).toBe(receipt)

      const counted = (): Promise<Scoreboard> => read(placar, '/polls/demo/scoreboard')
      await until(async () => (await counted()).counted >= stored.size)
      await until(async () => (await counted()).freshness.behindMs === 0)
      const board = await counted()
      expect(board).toMatchObject({ counted: stored.size, rejected: {} })
      expect(board.options.find(({ id }) => id === 'ana')?.votes).toBe(stored.size)
      expect(await read<Stats>(placar, '/stats')).toMatchObject({ counted: stored.size, rejected: {} })
      expect(await placar.stop()).toBe(0)
    },
    60_000 * kills,
  )
})

const receiptOf = (body: string): string => {
  const { receipt } = JSON.parse(body)
  return `${receipt.shardId}:${receipt.sequenceNumber}`
}
