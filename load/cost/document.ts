import { type Door, idleMonthBill, type Show, shardsOf, showBill, viewersBill, votesIn } from '../cost.ts'
import { assumptions } from './assumptions.ts'
import { type Bill, perMillion } from './bill.ts'
import { count, dollars, markdownTable } from './markdown-table.ts'
import type { Price, Standing } from './price.ts'
import { prices } from './prices.ts'
import { sampleBill } from './sample.ts'
import { recordBytes, type StreamMode, shardsUsd, streamModes } from './stream.ts'

/** Every table of docs/cost.md, by the name in its marker. */
export const documentTables = (): Readonly<Record<string, string>> => ({
  'per-million': perMillionTable(),
  'by-rate': byRateTable(),
  'by-stream': byStreamTable(),
  idle: idleTable(),
  viewers: viewersTable(),
  assumptions: assumptionsTable(),
  prices: pricesTable(),
})

/** The document with each marked table as the model gives it today. Throws when a marker names no table, or a table has no marker. */
export const fillDocument = (text: string): string => {
  const tables = documentTables()
  const filled = new Set<string>()
  const result = text.replace(marked, (_, name: string) => {
    const table = tables[name]
    if (table === undefined)
      throw new Error(`docs/cost.md asks for the table ${name}, which the model has not`)
    filled.add(name)
    return `<!-- table: ${name} -->\n${table}\n<!-- end -->`
  })
  const missing = Object.keys(tables).filter((name) => !filled.has(name))
  if (missing.length > 0) throw new Error(`docs/cost.md has no table ${missing.join(', ')}`)
  return result
}

const marked = /<!-- table: ([\w-]+) -->\n[\s\S]*?<!-- end -->/g

const rates = [1_000, 20_000, 50_000, 1_000_000]
const batch = 100
const usual = { votesPerSecond: 20_000, hours: 1, votesPerRequest: 1, streamMode: 'provisioned' } as const

/** The ways to have votes counted, as columns. */
const ways: readonly { name: string; bill: (votesPerSecond: number) => Bill }[] = [
  { name: 'REST, through the site', bill: byDoor('site') },
  { name: 'REST, straight', bill: byDoor('rest') },
  { name: 'HTTP (not offered)', bill: byDoor('http') },
  { name: `batches of ${batch}, straight`, bill: byDoor('rest', batch) },
  { name: 'Super Serverless Sample', bill: (votesPerSecond) => sampleBill(votesPerSecond, usual.hours) },
]

function byDoor(door: Door, votesPerRequest = 1): (votesPerSecond: number) => Bill {
  return (votesPerSecond) => showBill({ ...usual, votesPerSecond, door, votesPerRequest })
}

const perMillionTable = (): string => {
  const bills = ways.map(({ bill }) => perMillion(bill(usual.votesPerSecond), votesIn(usual)))
  const items = [...new Set(bills.flatMap(({ lines }) => lines.map(({ item }) => item)))]
  const rows = items.map((item) => [
    item,
    ...bills.map(({ lines }) => {
      const line = lines.find((candidate) => candidate.item === item)
      return line === undefined ? '' : dollars(line.usd)
    }),
  ])
  return markdownTable(
    ['$ per million votes', ...ways.map(({ name }) => name)],
    [...rows, ['**together**', ...bills.map(({ usd }) => `**${dollars(usd)}**`)]],
  )
}

const byRateTable = (): string =>
  markdownTable(
    [
      'votes/s',
      'votes in the hour',
      'shards',
      `shards, batches of ${batch}`,
      ...ways.map(({ name }) => `$ ${name}`),
    ],
    rates.map((votesPerSecond) => [
      count(votesPerSecond),
      `${count(votesIn({ ...usual, votesPerSecond }) / 1e6)} M`,
      count(shardsOf({ votesPerSecond, votesPerRequest: 1 })),
      count(shardsOf({ votesPerSecond, votesPerRequest: batch })),
      ...ways.map(({ bill }) => dollars(bill(votesPerSecond).usd)),
    ]),
  )

const byStreamTable = (): string => {
  const kinesis = (show: Omit<Show, 'door' | 'hours'>): string =>
    dollars(
      showBill({ ...show, hours: 1, door: 'rest' }).lines.find(({ item }) => item === 'Kinesis')?.usd ?? 0,
    )
  const columns = [1, batch].flatMap((votesPerRequest) =>
    streamModes.map((streamMode) => ({ votesPerRequest, streamMode })),
  )
  return markdownTable(
    [
      'votes/s',
      ...columns.map(
        ({ votesPerRequest, streamMode }) =>
          `$ ${streamMode}, ${votesPerRequest === 1 ? 'single' : `batches of ${votesPerRequest}`}`,
      ),
    ],
    rates.map((votesPerSecond) => [
      count(votesPerSecond),
      ...columns.map((column) => kinesis({ votesPerSecond, ...column })),
    ]),
  )
}

const idleTable = (): string => {
  const choices: readonly [name: string, mode: StreamMode, shards: number][] = [
    ['provisioned, 1 shard', 'provisioned', 1],
    ['provisioned, 4 shards (the default)', 'provisioned', 4],
    ['provisioned, 25 shards', 'provisioned', 25],
    ['on-demand', 'on-demand', 0],
    ['on-demand advantage', 'on-demand advantage', 0],
  ]
  return markdownTable(
    ['stream', '$ a month'],
    choices.map(([name, mode, shards]) => [name, dollars(idleMonthBill(mode, shards).usd)]),
  )
}

const viewersTable = (): string =>
  markdownTable(
    ['viewers', '$ an hour'],
    [1_000, 10_000, 100_000, 1_000_000].map((viewers) => [
      count(viewers),
      dollars(viewersBill(viewers, 1).usd),
    ]),
  )

const assumptionsTable = (): string => {
  const { aggregator, archiver, scoreboard, headroom, consumers, answerBytes, accessLogBytes, traced } =
    assumptions
  return markdownTable(
    ['taken for granted', ''],
    [
      ['a record of one vote; of a batch of 100', `${recordBytes(1)}; ${count(recordBytes(batch))} bytes`],
      ['shards', `what the rate needs × ${headroom}; $${dollars(shardsUsd(1, 1))} each an hour`],
      ['consumers of the stream', `${consumers}`],
      ['an answer; a line of the access log', `${answerBytes}; ${accessLogBytes} bytes`],
      ['requests that X-Ray records', `${traced * 100} %`],
      [
        'an invocation of the aggregator',
        `${aggregator.fixedMs} ms and ${aggregator.perVoteMs} ms a vote, ${aggregator.memoryGb} GB`,
      ],
      [
        'invocations',
        `${aggregator.pollsPerSecond} a second and shard, and one more each ${aggregator.windowSeconds} s`,
      ],
      ['the ledger; a window', `${aggregator.ledgerKb}; ${aggregator.partKb} KB`],
      ['an invocation of the archive handler', `${archiver.ms} ms for each MiB, ${archiver.memoryGb} GB`],
      ['a scoreboard', `${count(scoreboard.bytes)} bytes, ${scoreboard.readsPerSecond} a second and viewer`],
    ],
  )
}

const standings: Readonly<Record<Standing, string>> = {
  aws: "AWS's own text",
  secondhand: 'list price, check before quoting',
  memory: 'list price from memory, check before quoting',
}

const pricesTable = (): string =>
  markdownTable(
    ['', '$', 'for', 'as of', 'source', ''],
    Object.values(prices).map((price: Price) => [
      price.what,
      price.tiers.map(tierText).join(', '),
      price.unit,
      price.asOf,
      `<${price.source}>`,
      standings[price.standing],
    ]),
  )

const tierText = ({ upTo, usd }: Price['tiers'][number]): string =>
  Number.isFinite(upTo) ? `${usd} up to ${count(upTo)}` : `${usd}`
