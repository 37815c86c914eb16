import type { Fault, Who } from './task.ts'

/** What an event source mapping may do where AWS permits it or leaves it open, and what else may go wrong around it. */
const ofMapping = [
  'a final invoke with records',
  'a final invoke without records',
  'a window that has no final invoke',
  'a window that ends early and goes on',
  'records are delivered again',
  'a window is delivered again from its start',
  'records from before the window are delivered again',
  'what failed is cut anew',
  'a right state',
  'a lost state',
  'a reset state',
  'a stale state',
  'two pollers in one shard',
  'the pollers are begun anew within a window',
  'an arrival steps back',
  'a child is read before its parent is done',
  'a batch meets definitions that were read before the newest poll',
  "a batch waits for the table's clock",
  'the table fails for a while',
  'the archive fails for a while',
  'the time series fails for a while',
] as const

/** What meets a closer between two of its calls, or another closer. */
const ofClosing = [
  'a shard is split between two calls of a closer',
  'shards are merged between two calls of a closer',
  'an aggregator counts between two calls of a closer',
  'an exporter runs between two calls of a closer',
  'a closer runs between two calls of another',
  'a shard joins the set between two calls of a closer',
  'a shard joins the set between a closer that lists the shards and its closing the poll',
  'a shard comes too late for the set',
  'a closer adds a shard to the set that no vote has joined',
  'a closer finds the poll closed already',
  'a closer finds that closesAt has moved',
  'a closer finds the result written already',
  'a closer stamps a shard that has ended',
  'a closer loses the race for a ledger',
  'a shard gets a second marker',
  'a marker goes to a shard that was split or merged since it was listed',
  'a marker is refused by a throttled shard',
  'a poll closes by the table before it does by the stream',
  'a vote arrives before closesAt at a poll that is closed',
  'a vote arrives after closesAt at a poll that is not closed',
  'an id is asked for again',
] as const

const ofCreation = ['a creator is told that the poll is void', 'a poll stays pending'] as const

const ofExpiry = [
  'records expire unread',
  'an ended shard is gone',
  'a result names a shard in which something was lost',
  'a result is proved although something was lost before its poll',
] as const

/** The calls at which anything may go wrong, by who makes them. */
export const calls = {
  creator: ['readPolls', 'putPending', 'confirm', 'voidPending'],
  aggregator: [
    'untilNow',
    'readPolls',
    'readLedger',
    'addShard',
    'writePart',
    'voidPending',
    'joinPoll',
    'putLedger',
  ],
  closer: [
    'readPollsWithout',
    'listShards',
    'closePoll',
    'readLedgers',
    'readPoll',
    'putControl',
    'lookBeyond',
    'putLedger',
    'finishPoll',
  ],
  exporter: [
    'readAllLedgers',
    'readPollsWithout',
    'readHeads',
    'readLedger',
    'putLedger',
    'writePart',
    'writeHeads',
    'page',
    'isSent',
    'send',
    'markSent',
    'readPoll',
    'sendLine',
    'markExported',
  ],
  reader: ['readPoll', 'readLedgers', 'readShardIds', 'readShardStates', 'readIteratorAge'],
} as const satisfies Record<Who, readonly string[]>

const fates = {
  refused: 'a call is refused',
  'answer lost': 'an answer is lost',
  dies: 'it dies between two calls',
  hangs: 'it hangs between two calls',
} as const satisfies Record<Fault['how'], string>

export const faultKinds = (who: Who, how: Fault['how'], call: string): string[] => [
  `${who}: ${fates[how]}`,
  `${who}: something goes wrong at ${call}`,
]
export const successorKind = (who: Who): string => `${who}: one that hung goes on beside its successor`

export type NamedKind =
  | (typeof ofMapping)[number]
  | (typeof ofClosing)[number]
  | (typeof ofCreation)[number]
  | (typeof ofExpiry)[number]

/** Every kind of hostile event that the simulation is to meet. */
export const kinds: ReadonlySet<string> = new Set([
  ...ofMapping,
  ...ofClosing,
  ...ofCreation,
  ...ofExpiry,
  ...Object.entries(calls).flatMap(([who, names]) => [
    successorKind(who as Who),
    ...Object.keys(fates).flatMap((how) =>
      names.flatMap((call) => faultKinds(who as Who, how as Fault['how'], call)),
    ),
  ]),
])

/** How often each kind was met; shared by the worlds of many seeds. */
export type Met = Map<string, number>

export const meet = (met: Met, kind: string): void => {
  met.set(kind, (met.get(kind) ?? 0) + 1)
}
