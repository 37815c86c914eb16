import type { Chance } from './chance.ts'
import { calls } from './kinds.ts'
import type { Fault, Who } from './task.ts'

/** Of what a sink is sent: how many parts it takes. */
export type Takes = number | 'all' | 'none'

/**
 * One thing that happens in a simulated world. Numbers that choose (`shard`, `poll`, `task`) are taken modulo what there
 * is, so that a story still makes sense when some of it is left out. `afterMs`: how long after the decision before it.
 */
export type Decision = { afterMs: number } & (
  | {
      do: 'vote'
      hash: number
      poll: number
      options: number[]
      kind: 'votes' | 'poison' | 'malformed' | 'not utf-8' | 'forged marker' | 'other version'
      /** By how much the record's arrival timestamp steps back. */
      backMs: number
    }
  | {
      do: 'deliver'
      shard: number
      poller: number
      size: number
      /** Records that are delivered once more; `window`: all from the start of the open window. */
      again: number | 'window'
      state: 'right' | 'lost' | 'reset' | 'stale'
      stale: number
      final: 'no' | 'with records' | 'without records'
      environment: number
      fault?: Fault
    }
  /** Everything that is there is delivered as it should be. */
  | { do: 'catch up' }
  | { do: 'resume'; task: number | 'newest'; fault?: Fault }
  /** `again`: with the id of this poll, where there is one. */
  | {
      do: 'create'
      options: number
      opensInMs: number
      closesInMs: number | null
      again?: number
      fault?: Fault
    }
  | { do: 'until closesAt'; poll: number; byMs: number }
  | { do: 'move'; poll: number; toMs: number }
  | { do: 'close by hand'; poll: number; fault?: Fault }
  | { do: 'close'; closer: number; rounds: number; fault?: Fault }
  | { do: 'note caught up'; fault?: Fault }
  | { do: 'export'; exporter: number; behind: number; takes: Takes; seriesTakes: Takes; fault?: Fault }
  | { do: 'look'; poll: number; fault?: Fault }
  | { do: 'split'; shard: number }
  | { do: 'merge'; shard: number }
  | { do: 'throttle'; shard: number; forMs: number }
  | { do: 'table fails'; forMs: number }
  | { do: 'restart'; what: 'closers' | 'exporters' | 'environments' | 'pollers' }
)

/** How often each kind of decision is made, against the others. */
export type Likely = Partial<Record<Decision['do'], number>>

const kinds = { votes: 30, poison: 1, malformed: 1, 'not utf-8': 1, 'forged marker': 1, 'other version': 1 }

/** @param likely how likely each kind of decision is; of those that have no weight, none is made */
export const decision = (chance: Chance, likely: Likely): Decision => {
  const afterMs = gap(chance)
  const what = chance.weighted(likely as Required<Likely>)
  const fault = aFault(chance, whoDoes(what))
  switch (what) {
    case 'vote':
      return {
        afterMs,
        do: what,
        hash: chance.number(0, 1023),
        poll: chance.number(0, 5),
        options: Array.from({ length: chance.oneIn(4) ? chance.number(2, 6) : 1 }, () => chance.number(0, 4)),
        kind: chance.weighted(kinds),
        backMs: chance.oneIn(8) ? chance.number(1, 6000) : 0,
      }
    case 'deliver':
      return {
        afterMs,
        do: what,
        shard: chance.number(0, 11),
        poller: chance.oneIn(4) ? 1 : 0,
        size: chance.number(1, 12),
        again: chance.oneIn(3) ? chance.number(1, 6) : chance.oneIn(8) ? 'window' : 0,
        state: chance.pick(['right', 'right', 'right', 'lost', 'reset', 'stale']),
        stale: chance.number(0, 20),
        final: chance.pick(['no', 'no', 'with records', 'without records']),
        environment: chance.number(0, 2),
        ...fault,
      }
    case 'catch up':
      return { afterMs, do: what }
    case 'resume':
      return { afterMs, do: what, task: chance.number(0, 9), ...fault }
    case 'create':
      return {
        ...aPoll(chance),
        afterMs,
        ...(chance.oneIn(4) ? { again: chance.number(0, 5) } : {}),
        ...fault,
      }
    case 'until closesAt':
      return { afterMs, do: what, poll: chance.number(0, 5), byMs: chance.number(-100, 400) }
    case 'move':
      return { afterMs, do: what, poll: chance.number(0, 5), toMs: chance.number(30_000, 90_000) }
    case 'close by hand':
      return { afterMs, do: what, poll: chance.number(0, 5), ...fault }
    case 'close':
      return { afterMs, do: what, closer: chance.number(0, 1), rounds: chance.number(1, 3), ...fault }
    case 'note caught up':
      return { afterMs, do: what, ...fault }
    case 'export':
      return {
        afterMs,
        do: what,
        exporter: chance.number(0, 1),
        behind: chance.number(0, 3),
        takes: chance.pick(['all', 'all', 'none', 1, 2]),
        seriesTakes: chance.pick(['all', 'all', 'none', 1, 2]),
        ...fault,
      }
    case 'look':
      return { afterMs, do: what, poll: chance.number(0, 5), ...fault }
    case 'split':
    case 'merge':
      return { afterMs, do: what, shard: chance.number(0, 11) }
    case 'throttle':
      return { afterMs, do: what, shard: chance.number(0, 11), forMs: chance.number(100, 5000) }
    case 'table fails':
      return { afterMs, do: what, forMs: chance.number(100, 3000) }
    case 'restart':
      return {
        afterMs,
        do: what,
        what: chance.pick(['closers', 'exporters', 'environments', 'pollers']),
      }
    default:
      return what satisfies never
  }
}

export const aPoll = (chance: Chance): Extract<Decision, { do: 'create' }> => ({
  afterMs: 100,
  do: 'create',
  options: chance.number(2, 4),
  opensInMs: chance.oneIn(3) ? chance.number(1, 8000) : 0,
  closesInMs: chance.oneIn(2) ? chance.number(9000, 60_000) : null,
})

/** Mostly a moment, sometimes minutes, seldom hours. */
const gap = (chance: Chance): number => {
  if (chance.oneIn(120)) return chance.number(1, 30) * 3_600_000
  if (chance.oneIn(30)) return chance.number(10_000, 200_000)
  return chance.number(0, 900)
}

const aFault = (chance: Chance, who: Who): { fault?: Fault } =>
  chance.oneIn(4)
    ? {
        fault: {
          call: chance.oneIn(2) ? chance.number(1, 7) : chance.pick<string>(calls[who]),
          how: chance.pick(['refused', 'answer lost', 'dies', 'hangs', 'hangs']),
        },
      }
    : {}

const whoDoes = (what: Decision['do']): Who => {
  if (what === 'close' || what === 'close by hand' || what === 'note caught up') return 'closer'
  if (what === 'look') return 'reader'
  return what === 'export' ? 'exporter' : 'aggregator'
}
