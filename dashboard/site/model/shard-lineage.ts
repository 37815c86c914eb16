import type { Stats, StreamShardView } from '../../read-model.ts'
import { countText } from './figures.ts'
import { shardNumber } from './shard-name.ts'

/** Shards that ended and the open ones that took their place, as texts: "8 + 9", "12 and 13". */
export type Resharding = { ended: string; open: string; kind: 'split' | 'merged' | 'resharded' }

/** `more`: how many older ones there are. */
export type Lineage = { changes: Resharding[]; more: number }

/** Changes shown at most. */
const maxChanges = 12

/** Names in one list at most; scaling 200 shards to 256 can be one single change. */
const maxNames = 4

/** A shard whose newest vote is older than this ended in another time, as far as one can tell. */
const recentMs = 15 * 60_000

/**
 * What became of the shards that ended lately, newest first. Uniform scaling makes shards that live for moments only;
 * they are passed over: a change goes from the shards that were there before to those that are open now.
 */
export const lineage = ({ shards, asOf }: Pick<Stats, 'shards' | 'asOf'>): Lineage => {
  const recent = shards.filter(
    ({ open, lastArrival }) => !open && lastArrival !== null && lastArrival > asOf - recentMs,
  )
  const families = familiesOf(recent, shards)
  const byId = new Map(shards.map((shard) => [shard.id, shard]))
  const changes = families.flatMap((family) => {
    const open = [...family].filter((id) => byId.get(id)?.open === true)
    // Of what is in a family, only the oldest have no parents there.
    const ended = [...family].filter((id) => !byId.get(id)?.parents.some((parent) => family.has(parent)))
    return open.length === 0 ? [] : { ended: ended.toSorted(byAge), open: open.toSorted(byAge) }
  })
  changes.sort((a, b) => byAge(b.open.at(-1) ?? '', a.open.at(-1) ?? ''))
  return {
    changes: changes.slice(0, maxChanges).map(({ ended, open }) => ({
      ended: namesOf(ended).join(' + '),
      open: list.format(namesOf(open)),
      kind: kindOf(ended.length, open.length),
    })),
    more: Math.max(0, changes.length - maxChanges),
  }
}

/** Ids of shards of which one comes from the other: those that ended, all that came after, and who else was merged in. */
const familiesOf = (
  ended: readonly StreamShardView[],
  shards: readonly StreamShardView[],
): ReadonlySet<string>[] => {
  const family = new Map<string, Set<string>>()
  const join = (a: string, b: string) => {
    const [into, from] = [family.get(a) ?? new Set([a]), family.get(b) ?? new Set([b])]
    for (const id of [...into, ...from]) family.set(id, into.add(id))
  }
  for (const { id } of ended) family.set(id, new Set([id]))
  // Ids rise, so a shard comes after its parents.
  for (const { id, parents } of shards.toSorted((a, b) => byAge(a.id, b.id)))
    if (parents.some((parent) => family.has(parent))) for (const parent of parents) join(parent, id)
  return [...new Set(family.values())]
}

const byAge = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

const kindOf = (ended: number, open: number): Resharding['kind'] => {
  if (ended === 1 && open > 1) return 'split'
  return open === 1 && ended > 1 ? 'merged' : 'resharded'
}

/** Their numbers, and how many more there are. */
const namesOf = (ids: readonly string[]): string[] => {
  const names = ids.slice(0, maxNames).map(shardNumber)
  return ids.length > maxNames ? [...names, `${countText(ids.length - maxNames)} more`] : names
}

/** "8", "8 and 9", "8, 9 and 10" */
const list = new Intl.ListFormat('en-GB')
