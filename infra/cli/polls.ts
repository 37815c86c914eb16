import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type PollStore, pollStore } from '../../ingest/poll.store.ts'
import type { PollOption, PollRequest } from '../../ingest/poll.ts'
import { closePoll } from './close-poll.ts'
import {
  type CommandLine,
  type Flags,
  flagLines,
  flagsBehindDashes,
  readCommandLine,
  runCommand,
  UsageError,
} from './command.ts'
import {
  countTableClient,
  explainUnreachable,
  findInstance,
  type Instance,
  instanceFlags,
} from './instance.ts'
import { printPoll, printPolls } from './poll-lines.ts'

const flags = {
  id: { value: 'ID', says: 'the poll: 1 to 64 of a-z, 0-9 and "-"' },
  title: { value: 'TEXT', says: 'what is voted on (create)' },
  option: { value: 'ID=LABEL', says: 'an option, 2 to 50 of them (create)', many: true },
  'opens-at': { value: 'ISO', says: 'when voting opens, with offset or Z (create; at once without it)' },
  'closes-at': { value: 'ISO', says: 'when voting closes (create; without it, when closed by hand)' },
  ...instanceFlags,
  help: { says: 'this help' },
} as const satisfies Flags

const help = `npm run polls -- create | list | show | close

  npm run polls -- create --id final --title "Final" --option ana=Ana --option bia=Bia
  npm run polls -- list
  npm run polls -- show --id final
  npm run polls -- close --id final
  npm run polls -- list --aws --stack placar

close ends the poll now, waits until every shard has passed its close marker, and prints the result.

${flagLines(flags)}`

const run = async (args: readonly string[]): Promise<void> => {
  const line = readCommandLine(args, flags)
  const [action, extra] = line.words
  if (line.on('help') || action === undefined) {
    console.log(help)
    return
  }
  const command = Object.hasOwn(commands, action) ? commands[action] : undefined
  if (command === undefined)
    throw new UsageError(`${action} is none of create, list, show and close. See --help.`)
  if (extra !== undefined)
    throw new UsageError(`${extra} is not expected after ${action}${flagsBehindDashes}`)
  const instance = await findInstance(line, process.env)
  const client = countTableClient(instance)
  try {
    await command({ line, store: pollStore(client, instance.tableName), client, instance })
  } catch (error) {
    throw explainUnreachable(error, instance)
  } finally {
    client.destroy()
  }
}

type CommandInput = { line: CommandLine; store: PollStore; client: DynamoDBClient; instance: Instance }
type Command = (input: CommandInput) => Promise<void>

const create: Command = async ({ line, store, instance: { url } }) => {
  const poll = await store.createPoll(pollRequest(line))
  printPoll({ ...poll, shards: [] }, store.now())
  if (url !== undefined)
    console.log(`\nVotes:      POST ${url}/polls/${poll.id}/votes {"option":"${poll.options[0]?.id}"}`)
  if (url !== undefined) console.log(`Scoreboard: ${url}/?poll=${poll.id}`)
}

const list: Command = async ({ store }) => {
  const polls = [...(await store.readPolls()).values()]
  printPolls(polls, store.now())
}

const show: Command = async ({ line, store }) => {
  const id = line.needed('id')
  const poll = await store.readPoll(id)
  if (poll === undefined)
    throw new UsageError(`There is no poll ${id}; npm run polls -- list shows those there are.`)
  printPoll(poll, store.now())
}

const close: Command = async ({ line, store, client, instance }) => {
  const id = line.needed('id')
  const poll = await closePoll(id, {
    instance,
    client,
    progress: ({ passed, shards }) =>
      console.error(`Closing: ${passed} of ${shards} shards have passed the close marker…`),
  })
  printPoll(poll, store.now())
}

const commands: Readonly<Record<string, Command>> = { create, list, show, close }

const pollRequest = (line: CommandLine): PollRequest => {
  const opensAt = line.instant('opens-at')
  const closesAt = line.instant('closes-at')
  return {
    id: line.needed('id'),
    title: line.needed('title'),
    options: line.all('option').map(pollOption),
    ...(opensAt === undefined ? {} : { opensAt }),
    ...(closesAt === undefined ? {} : { closesAt }),
  }
}

const pollOption = (text: string): PollOption => {
  const [id = '', ...label] = text.split('=')
  if (label.length === 0)
    throw new UsageError(`--option must be ID=LABEL, as in ana=Ana, not ${JSON.stringify(text)}.`)
  return { id, label: label.join('=') }
}

await runCommand(run)
