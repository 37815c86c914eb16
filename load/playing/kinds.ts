import { dice } from '../volley/dice.ts'
import type { RequestKind } from '../volley/kind.ts'
import type { Flow } from './flow.ts'
import { hasRandomParts, mostVariants, type ScenarioRequest } from './request.ts'
import { votesCast } from './request-name.ts'
import type { Scenario } from './scenario.ts'
import { type Fill, filler } from './template.ts'

/** Of a request with random parts, no more variants are built beforehand than these bytes hold. */
const variantBytes = 250_000

/** The distinct requests of a scenario, weighted as its arrivals make them; the same seed gives the same. */
export const scenarioKinds = ({ flows, variables }: Scenario, poll: string, seed: number): RequestKind[] => {
  let rolled = 0
  const fill = filler({ ...variables, poll }, () => dice(seed, rolled++) / 2 ** 32)
  return flows.flatMap(({ weight, requests }) =>
    requests.flatMap(({ request, times }) => variants(request, weight * times, fill)),
  )
}

/** How many requests an arrival makes on average. */
export const requestsPerArrival = ({ flows }: Pick<Scenario, 'flows'>): number =>
  perArrival(flows, ({ requests }) => requests.reduce((sum, { times }) => sum + times, 0))

export const slowClientsPerArrival = ({ flows }: Pick<Scenario, 'flows'>): number =>
  perArrival(flows, ({ slowClients }) => slowClients)

/** The options that a scenario votes for. */
export const optionsOf = ({ flows }: Pick<Scenario, 'flows'>): string[] => [
  ...new Set(
    flows.flatMap(({ requests }) => requests.flatMap(({ request }) => Object.keys(request.tally.options))),
  ),
]

const perArrival = (flows: readonly Flow[], of: (flow: Flow) => number): number => {
  const total = flows.reduce((sum, { weight }) => sum + weight, 0)
  return flows.reduce((sum, flow) => sum + (flow.weight / total) * of(flow), 0)
}

const variants = (request: ScenarioRequest, weight: number, fill: Fill): RequestKind[] => {
  const first = kindOfRequest(request, weight, fill)
  if (!hasRandomParts(request)) return [first]
  const count = Math.max(1, Math.min(mostVariants, Math.floor(variantBytes / (first.body.length + 1))))
  return [first, ...Array.from({ length: count - 1 }, () => kindOfRequest(request, weight, fill))].map(
    (kind) => ({ ...kind, weight: weight / count }),
  )
}

const kindOfRequest = (request: ScenarioRequest, weight: number, fill: Fill): RequestKind => {
  const { name, method, tally, expected, conditional } = request
  const { body, type } = bodyOf(request, fill)
  const fields = Object.entries(request.headers).map(([field, value]) => [field, fill(value)])
  return {
    name,
    method,
    path: fill(request.url),
    headers: { ...(type === undefined ? {} : { 'content-type': type }), ...Object.fromEntries(fields) },
    body,
    weight,
    tally,
    votes: votesCast(name),
    expected,
    mayBeThrottled: false,
    conditional,
  }
}

const bodyOf = ({ body }: ScenarioRequest, fill: Fill): { body: string; type: string | undefined } => {
  if (body === undefined) return { body: '', type: undefined }
  if ('text' in body) return { body: fill(body.text), type: undefined }
  if ('json' in body) return { body: JSON.stringify(filled(body.json, fill)), type: 'application/json' }
  const pairs = Object.entries(body.form).map(([name, value]) => [name, fill(String(value))])
  return {
    body: new URLSearchParams(pairs).toString(),
    type: 'application/x-www-form-urlencoded',
  }
}

const filled = (value: unknown, fill: Fill): unknown => {
  if (typeof value === 'string') return fill(value)
  if (Array.isArray(value)) return value.map((one) => filled(one, fill))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one, fill)]))
}
