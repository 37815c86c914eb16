import { aggregate } from '../../aggregators/aggregate.ts'
import type { Outbox } from '../../aggregators/export/outbox.ts'
import { type Ledger, seal } from '../../aggregators/ledger.ts'
import type { SealedPart } from '../../aggregators/part.ts'
import { pollCache } from '../../aggregators/poll-cache.ts'
import type { MemoryCountStore } from '../aggregators/memory-count-store.ts'
import { type Product, product } from './product.ts'

/** Mistakes that somebody could make, each put in by hand. The simulation must see every one of them. */
export const mutations: Readonly<Record<string, () => Product>> = {
  'the compare-and-swap condition is removed': () => ({
    ...product,
    table: (table) => ({
      ...table,
      putLedger: async (ledger) => {
        table.ledgers.set(ledger.shardId, JSON.stringify(ledger))
        return true
      },
    }),
  }),

  // `n < c` drops less than `n <= c` does by one number, which is `n <= c - 1`.
  'the checkpoint filter has < for <=': () => ({
    ...product,
    aggregate: ({ cached, ...invocation }, ports) => {
      const store = {
        ...ports.store,
        readLedger: async (shardId: string) => oneBack(await ports.store.readLedger(shardId)),
      }
      return aggregate({ ...invocation, cached: oneBack(cached) }, { ...ports, store })
    },
  }),

  'a part is sent before it is frozen': () => ({ ...product, outbox: withOpenParts }),

  'a record that throws is skipped without being rejected': () => ({
    ...product,
    forEach: (records, fold) => {
      product.forEach(records, fold)
      return []
    },
  }),

  "the final invoke's records are ignored": () => ({
    ...product,
    aggregate: (invocation, ports) =>
      aggregate({ ...invocation, records: invocation.isFinal ? [] : invocation.records }, ports),
  }),

  'unknown_poll is decided on a stale cache': () => ({
    ...product,
    pollCache: (store, now) => {
      const { read } = pollCache(store, now)
      return { read, refresh: read }
    },
  }),

  'a shard joins the set after closing': () => ({
    ...product,
    table: (table) => ({
      ...table,
      joinPoll: async (id, shardId) => {
        const poll = table.polls.get(id)
        if (poll !== undefined) poll.shards = [...new Set([...poll.shards, shardId])].sort()
        return table.joinPoll(id, shardId)
      },
    }),
  }),

  'sealed bytes are taken from state': () => ({
    ...product,
    aggregate: async (invocation, ports) => {
      const { sealed = null } = invocation.isFinal && invocation.cached ? seal(invocation.cached) : {}
      if (sealed !== null) await ports.store.writePart(sealed)
      return aggregate(invocation, ports)
    },
  }),

  'a sink that took some is taken to have had all': () => ({
    ...product,
    timeSeries: (sink) => ({
      ...sink,
      send: async (parts) => {
        await sink.send(parts)
        return [...parts]
      },
    }),
  }),

  'records that expired unread are not told of': () => ({
    ...product,
    table: (table) => ({
      ...table,
      putLedger: ({ lostUntil: _lostUntil, ...ledger }) => table.putLedger(ledger),
    }),
  }),

  'the closer reads a ledger eventually consistently': () => ({
    ...product,
    closerTable: withOldLedgers(),
  }),
}

const oneBack = <L extends Ledger | undefined>(ledger: L): L =>
  ledger && { ...ledger, checkpoint: String(Math.max(0, Number(ledger.checkpoint) - 1)) }

const withOpenParts = (outbox: Outbox, { ledgers }: MemoryCountStore): Outbox => ({
  ...outbox,
  unsent: async function* () {
    yield* outbox.unsent()
    const early: SealedPart[] = [...ledgers.values()].flatMap((text) => {
      const ledger: Ledger = JSON.parse(text)
      return ledger.open === null ? [] : (seal(ledger).sealed ?? [])
    })
    yield early
  },
})

/** Every other read gives what the read before it could have given. */
const withOldLedgers = (): Product['closerTable'] => {
  const older = new Map<string, Ledger>()
  let reads = 0
  return (table) => ({
    ...table,
    readLedgers: async (shardIds) => {
      reads += 1
      const ledgers = await table.readLedgers(shardIds)
      const given = reads % 2 === 0 ? ledgers.map((ledger) => older.get(ledger.shardId) ?? ledger) : ledgers
      for (const ledger of ledgers) older.set(ledger.shardId, ledger)
      return given
    },
  })
}
