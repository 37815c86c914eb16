import { expect, onTestFinished, test, vi } from 'vitest'
import { readCommandLine } from '../../../../infra/cli/command.ts'
import { runByArtillery } from '../../../../infra/cli/load/by-artillery.ts'
import type { Ground } from '../../../../infra/cli/load/ground.ts'
import { press } from '../../../../infra/cli/load/press.ts'
import { volleyFlags, volleyFlagsWith } from '../../../../infra/cli/load/volley-flags.ts'
import { emptyTally } from '../../../../load/tally.ts'
import { steadyPlan } from '../../../../load/volley/volley.ts'
import { fakePlacar } from '../../../load/fake-placar.ts'

// 460 MB, and these runs end before it is started.
vi.mock('../../../../infra/cli/load/artillery-install.ts', () => ({ installArtillery: async () => {} }))

/** A poll of the run's own at an address where nothing answers any more. */
const lost = async () => {
  const { address, url, close } = await fakePlacar(['ana'])
  await close()
  let closed = 0
  const ground: Ground = {
    url,
    poll: 'load-1',
    options: [{ option: 'ana', weight: 1 }],
    close: async () => {
      closed += 1
      return emptyTally()
    },
  }
  return { ground, address, closed: () => closed }
}
const line = readCommandLine([], volleyFlags)

/** What is said on stderr meanwhile. */
const heard = () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  onTestFinished(() => write.mockRestore())
  return () => write.mock.calls.map(([text]) => text)
}

test('a run by volley that ends in an error closes its own poll', async () => {
  heard()
  const { ground, address, closed } = await lost()
  const mix = {
    poll: 'load-1',
    options: ground.options,
    unknownOptionShare: 0,
    unknownPollShare: 0,
    batch: 1,
  }
  const plan = steadyPlan({
    address,
    mix,
    rate: 100,
    seconds: 1,
    connections: 1,
    pipeline: 1,
    threads: 1,
    seed: 1,
    drainMs: 1_000,
  })
  await expect(press(line, ground, { plan, warmUp: () => plan })).rejects.toThrow(/^Nothing answers at/)
  expect(closed()).toBe(1)
})

test('so does one by Artillery, which says that it plays no warm-up of the scenario', async () => {
  const said = heard()
  const { ground, closed } = await lost()
  const line = readCommandLine([], volleyFlagsWith({ warmUpSeconds: 10 }))
  const run = runByArtillery(line, 'none.yml', 1, async () => ground)
  await expect(run).rejects.toThrow(/^Nothing answers at/)
  expect(closed()).toBe(1)
  expect(said()[0]).toBe("Artillery plays no warm-up; the scenario's, of 10 s, is for volley.\n")
})
