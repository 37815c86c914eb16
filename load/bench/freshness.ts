import { bucketPercentile, bucketsBetween } from '../accepted-to-counted.ts'
import type { CountReader } from '../count.ts'
import type { Patience, Surroundings } from '../reconcile.ts'
import { type RunEvents, runVolley, type VolleyReport } from '../run.ts'
import { steadyPlan, type VolleySpec } from '../volley/volley.ts'
import { earliestSteps, type Step, visibility } from './visible.ts'

/** The dashboard, open on the poll in a browser. */
export type FreshnessPage = {
  /** Waits until the page shows exactly so many votes. Rejects when it does not within a while. */
  shows(total: number): Promise<void>
  /** Every total that it has shown since it was opened. */
  shown(): Promise<Step[]>
  close(): Promise<void>
}

/** In ms; `null` when there was no vote. */
export type Tail = Record<'p50' | 'p99' | 'max', number | null>

export type FreshnessRound = {
  /** Votes per second that were asked for, and that were accepted. */
  rate: number
  acceptedPerSecond: number
  /** Fraction of the votes that were sent within 10 ms of their moment. */
  rateHeld: number
  shards: number
  accepted: number
  /** Votes refused by the limits of shards. */
  throttled: number
  counted: Tail
  visible: Tail
  failures: string[]
}

export type FreshnessSettings = { shards: number; seconds: number; warmUpSeconds: number }

/** What a round is run in and with. */
export type FreshnessWorld = {
  page: FreshnessPage
  surroundings: Surroundings
  patience: Patience
  /** Ends a round early: its result is then worth nothing. */
  signal: AbortSignal
  /** Told every few ms how many votes have been accepted since the warm-up, or the round, began. */
  progress(what: 'warm-up' | 'votes', accepted: number): void
}

/** How often it is written down how many votes have been accepted. */
const lookEveryMs = 5

/** A volley that falls behind is ended this much later than it should have ended by itself. */
const overtimeMs = 1_000

/**
 * One round at one rate: a warm-up, then votes for a while; when all are counted and shown, how long each took.
 *
 * @param spec single votes; `rate` is what is asked for
 * @throws LoadError when the count cannot be read
 */
export const freshnessRound = async (
  spec: Omit<VolleySpec, 'seconds'>,
  { shards, seconds, warmUpSeconds }: FreshnessSettings,
  world: FreshnessWorld,
): Promise<FreshnessRound> => {
  const { page, surroundings } = world

  const warmUp = await press({ ...spec, seconds: warmUpSeconds }, world, (_, accepted) =>
    world.progress('warm-up', accepted),
  )
  const before = await totalsOf(surroundings.reader)
  await page.shows(before.votes)

  const curve = earliestSteps(surroundings.now())
  const { volley, failures } = await press({ ...spec, seconds }, world, (at, accepted) => {
    curve.read(at, accepted)
    world.progress('votes', accepted)
  })
  const after = await totalsOf(surroundings.reader)
  await page.shows(before.votes + volley.acceptedVotes)

  const shown = (await page.shown()).map(({ at, total }) => ({ at, total: total - before.votes }))
  const { buckets, unseen } = visibility(curve.steps, shown)
  return {
    rate: spec.rate,
    acceptedPerSecond: volley.acceptedPerSecond,
    rateHeld: volley.requests.rateHeld,
    shards,
    accepted: volley.acceptedVotes,
    throttled: volley.requests.statuses[429] ?? 0,
    counted: tailOf(bucketsBetween(before.buckets, after.buckets)),
    visible: tailOf(buckets),
    failures: [
      ...warmUp.failures.map((failure) => `warm-up: ${failure}`),
      ...failures,
      ...(volley.unknownVotes > 0 ? [`${volley.unknownVotes} votes had no answer`] : []),
      ...(unseen > 0 ? [`${unseen} accepted votes never showed on the page`] : []),
    ],
  }
}

/** Votes for a while, and waits until they are counted. @param read told every few ms how many have been accepted */
const press = async (
  spec: VolleySpec,
  { surroundings, patience, signal }: FreshnessWorld,
  read: (at: number, accepted: number) => void,
): Promise<VolleyReport> => {
  const { now } = surroundings
  let finish = (): void => {}
  const events: RunEvents = {
    started: (stop, progress) => {
      let begunAt: number | undefined
      const look = (): void => {
        const at = now()
        const { sent, accepted } = progress()
        read(at, accepted)
        if (sent > 0) begunAt ??= at
        if (begunAt !== undefined && at - begunAt > spec.seconds * 1_000 + overtimeMs) stop()
      }
      const looking = setInterval(look, lookEveryMs)
      signal.addEventListener('abort', stop, { once: true })
      finish = () => {
        clearInterval(looking)
        signal.removeEventListener('abort', stop)
      }
    },
    ended: () => finish(),
    sent: ({ acceptedVotes }) => read(now(), acceptedVotes),
  }
  return await runVolley(steadyPlan(spec), () => [], surroundings, patience, events)
}

const totalsOf = async (reader: CountReader) => {
  const { poll, stats } = await reader.count()
  return { votes: poll.votes, buckets: stats.latency.acceptedToCounted.buckets }
}

const tailOf = (buckets: Parameters<typeof bucketPercentile>[0]): Tail => ({
  p50: bucketPercentile(buckets, 50),
  p99: bucketPercentile(buckets, 99),
  max: bucketPercentile(buckets, 100),
})
