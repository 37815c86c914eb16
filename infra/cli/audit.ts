import { certificate, certificateFlags } from './audit/certificate.ts'
import { find, findFlags } from './audit/find.ts'
import { replay, replayFlags } from './audit/replay.ts'
import { verifyCommand, verifyFlags } from './audit/verify.ts'
import { type CommandLine, type Flags, flagLines, readFlags, runCommand, UsageError } from './command.ts'

type Action = { says: string; flags: Flags; run: (line: CommandLine) => Promise<void> }

/** What `npm run audit -- ACTION` can do; each action is a file of its own in audit/. */
const actions: Readonly<Record<string, Action>> = {
  verify: {
    says: `recounts a final poll from the archive with SQL, and compares raw votes, parts and scoreboard.
          Exit code: 0 all agree, 2 something disagrees, 3 archive not complete yet, 1 it could not run.`,
    flags: verifyFlags,
    run: verifyCommand,
  },
  find: {
    says: `shows a voter their vote in the archive, what became of it, and the part that counted it with its place in the chain.
          Exit code: 0 everything holds, 2 something does not, 3 its part is not in the archive yet, 1 not found.`,
    flags: findFlags,
    run: find,
  },
  certificate: {
    says: `verifies a final poll and writes its certificate: a JSON file and a page to print, signed where a key is given.
          Exit codes as of verify.`,
    flags: certificateFlags,
    run: certificate,
  },
  replay: {
    says: `shows a poll's scoreboard at a past moment, or plays the vote back on the dashboard.`,
    flags: replayFlags,
    run: replay,
  },
}

const names = Object.keys(actions).join(' | ')

const help = `npm run audit -- ${names}

${Object.entries(actions)
  .map(([name, { says }]) => `  ${name.padEnd(11)} ${says}`)
  .join('\n')}

npm run audit -- ACTION --help shows the flags of one.`

const helpOf = (name: string, { says, flags }: Action): string => `npm run audit -- ${name}

  ${says}

${flagLines(flags)}`

const run = async (args: readonly string[]): Promise<void> => {
  const [name, ...rest] = args
  if (name === undefined || name === '--help') {
    console.log(help)
    return
  }
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (action === undefined) throw new UsageError(`${name} is none of ${names}. See --help.`)
  const flags = { ...action.flags, help: { says: 'this help' } }
  const line = readFlags(rest, flags, helpOf(name, { ...action, flags }))
  if (line !== undefined) await action.run(line)
}

await runCommand(run)
