import { randomInt } from 'node:crypto'
import { expect, it, onTestFinished } from 'vitest'
import type { Scoreboard } from '../../dashboard/read-model.ts'
import { temporaryFolder } from '../infra/local/temporary-folder.ts'
import { until } from '../infra/local/until.ts'
import { command } from './command.ts'
import { freePort, type Placar, read, startPlacar } from './placar.ts'
import { voters } from './voters.ts'

/** `npm run killed` is the longer run (`killed-run.ts`). */
const kills = Number(process.env.PLACAR_KILLS ?? 3)

/** Closing takes a second or less, exporting two or three more: a kill falls into either. */
const longestDelayMs = 4000

it(
  `a Placar that is killed ${kills} times while it closes and exports ends with every poll final, and the audit agrees`,
  async () => {
    const folder = await temporaryFolder()
    const ports = { port: await freePort(), awsPort: await freePort() }
    const start = (): Promise<Placar> =>
      startPlacar({ folder, ports, flags: ['--no-shard-limits', '--window-seconds', '1'] })
    let placar = await start()
    const crowd = voters(placar.url, 8)
    onTestFinished(() => crowd.leave())
    const polls = Array.from({ length: kills }, (_, at) => `poll-${at}`)

    for (const poll of polls) {
      const options = ['--option', 'ana=Ana', '--option', 'bia=Bia']
      expect(
        await command('polls', ['create', '--id', poll, '--title', poll, ...options], placar),
      ).toMatchObject({ code: 0 })
      let stopped = false
      let accepted = 0
      const voter = async (): Promise<void> => {
        while (!stopped) {
          const answer = await crowd.post(`/polls/${poll}/votes`, '{"option":"ana"}')
          if (answer === 'lost') await new Promise((resume) => setTimeout(resume, 20))
          else if (answer.status === 202) accepted += 1
        }
      }
      const votes = Promise.all(Array.from({ length: 8 }, voter))
      await until(() => accepted >= 500)
      const closing = command('polls', ['close', '--id', poll], placar) // it may fail, or not even begin
      const delayMs = randomInt(longestDelayMs)
      await new Promise((resume) => setTimeout(resume, delayMs))
      await placar.killTree()
      stopped = true
      await Promise.all([votes, closing])
      placar = await start()
      const { code, output } = await command('polls', ['close', '--id', poll], placar)
      expect({ code, output, delayMs }).toMatchObject({ code: 0 })
    }

    for (const poll of polls) {
      expect(await read<Scoreboard>(placar, `/polls/${poll}/scoreboard`)).toMatchObject({
        status: 'final',
        final: { proved: true },
      })
      const { code, output } = await command('audit', ['verify', '--poll', poll], placar)
      expect({ poll, code, output }).toMatchObject({ code: 0 })
    }
    expect(await placar.stop()).toBe(0)
  },
  60_000 * kills,
)
