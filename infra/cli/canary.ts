import { canaryPollId } from '../../ingest/poll.ts'
import { canaryPoll } from './canary/poll.ts'
import { castAndWait } from './canary/vote.ts'
import { type CommandLine, type Flags, flagLines, readFlags, runCommand, UsageError } from './command.ts'
import { findInstance, InstanceError, instanceFlags } from './instance.ts'

const flags = {
  url: { value: 'URL', says: "Placar's address; without it, that of the instance found as below" },
  poll: { value: 'ID', says: 'the poll to vote in; created when there is none', default: canaryPollId },
  'timeout-seconds': { value: 'N', says: 'how long the vote may take to be counted', default: '60' },
  ...instanceFlags,
  help: { says: 'this help' },
} as const satisfies Flags

const help = `npm run canary -- [flags]

  npm run canary
  npm run canary -- --aws --stack placar
  npm run canary -- --url https://votes.example.com

Casts one vote through the front door and waits until the scoreboard shows it: what a deployment is tried with. The poll
is used again each time; keep it to the canary, since anybody else's vote in it can be taken for its own. Only to
create the poll is the count store needed, and with it a data folder, an endpoint, or --aws with your own credentials.

Ends with 0 when the vote was counted, and with 1 and a line that says what went wrong otherwise.

${flagLines(flags)}`

const run = async (args: readonly string[]): Promise<void> => {
  const line = readFlags(args, flags, help)
  if (line === undefined) return
  const timeoutMs = line.number('timeout-seconds', 1, 3_600) * 1_000
  const instance = () => findInstance(line, process.env)
  const url = givenUrl(line) ?? urlOf((await instance()).url)

  const poll = await canaryPoll({ url, id: line.needed('poll'), instance, say })
  await castAndWait({ url, poll, timeoutMs, say })
}

const say = (text: string): void => console.log(text)

const givenUrl = (line: CommandLine): string | undefined => {
  const text = line.text('url')
  if (text === undefined) return undefined
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    throw new UsageError(
      `--url must be an address such as https://votes.example.com, not ${JSON.stringify(text)}.`,
    )
  return url.href.replace(/\/$/, '')
}

const urlOf = (url: string | undefined): string => {
  if (url === undefined)
    throw new InstanceError('Where this instance takes votes is not known; name it with --url.')
  return url
}

await runCommand(run)
