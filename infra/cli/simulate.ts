import { availableParallelism } from 'node:os'
import { type Flags, flagLines, readFlags, runCommand } from './command.ts'
import { runSeeds } from './simulate/seeds.ts'

const flags = {
  seeds: { value: 'N', says: 'how many worlds are simulated: seeds 1 to N', default: '1000' },
  seed: { value: 'S', says: 'only this one, as it was told by a run before' },
  help: { says: 'this help' },
} as const satisfies Flags

const help = `npm run simulate [-- --seeds N | --seed S]

Lets the real counting, closing, exporting and reading code run in memory on a virtual clock, against a stream and an
event source mapping that do anything AWS permits or leaves open, and compares with a plain recount. Everything in a
world follows from its seed. One that goes wrong is shrunk and printed, and the exit code is 1.

${flagLines(flags)}`

const greatestSeed = 2 ** 31 - 1
const everyMs = 1000

await runCommand(async (args) => {
  const line = readFlags(args, flags, help)
  if (line === undefined) return
  const one = line.said('seed') ? line.number('seed', 0, greatestSeed) : undefined
  const seeds =
    one === undefined ? { from: 1, to: line.number('seeds', 1, greatestSeed) } : { from: one, to: one }
  const startedAt = performance.now()
  let saidAt = startedAt
  const { done, wrong } = await runSeeds(seeds, availableParallelism(), (done, wrong) => {
    if (performance.now() - saidAt < everyMs) return
    saidAt = performance.now()
    process.stderr.write(`${done} of ${seeds.to - seeds.from + 1} seeds, ${wrong} with violations\n`)
  })
  for (const story of wrong) console.log(`${story}\n`)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`${done} ${done === 1 ? 'seed' : 'seeds'}, ${wrong.length} with violations, in ${seconds} s.`)
  if (wrong.length > 0) process.exitCode = 1
})
