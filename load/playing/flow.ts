import { mapping, type Place, quantity, refuseOthers } from './mapping.ts'
import { parseRequest, type ScenarioRequest } from './request.ts'
import { mostSlowClients } from './slow-clients.ts'

/** What one arrival does: its requests, and how often each. */
export type Flow = {
  weight: number
  requests: { request: ScenarioRequest; times: number }[]
  /** Clients that begin a vote and never end it, an arrival. */
  slowClients: number
}

/** The one function of a scenario that volley plays itself, and where Artillery finds it. */
const slowFunction = 'slowVote'
const slowProcessor = './slow-client.mjs'

/** Throws `LoadError` for what volley cannot play. */
export const parseFlow = (
  value: unknown,
  defaultHeaders: unknown,
  processor: unknown,
  at: Place,
  leaveOut: (what: string) => void,
): Flow => {
  const flow = mapping(value, at)
  refuseOthers(flow, ['name', 'weight', 'flow', 'engine'], at)
  if (flow.engine !== undefined && flow.engine !== 'http') throw at.in('engine').error('must be http')
  const requests: Flow['requests'] = []
  let slowClients = 0
  const take = (steps: unknown, times: number, inside: Place): void => {
    if (!Array.isArray(steps)) throw inside.error('must be a list of steps')
    for (const [n, step] of steps.entries()) takeStep(mapping(step, inside.in(String(n))), times, inside)
  }
  const takeStep = (step: Record<string, unknown>, times: number, inside: Place): void => {
    const [kind = 'nothing', what] = Object.entries(step)[0] ?? []
    const here = inside.in(kind)
    if (kind !== 'loop') refuseOthers(step, [kind], inside)
    if (kind === 'think') leaveOut('think (each request has a moment of its own)')
    else if (kind === 'log') leaveOut('log')
    else if (kind === 'get' || kind === 'post')
      requests.push({ request: parseRequest(kind, what, defaultHeaders, here, leaveOut), times })
    else if (kind === 'loop') {
      refuseOthers(step, ['loop', 'count'], inside)
      take(what, times * quantity(step.count, here.in('count'), 1), here)
    } else if (kind === 'function' && what === slowFunction && processor === slowProcessor) {
      leaveOut(`slow clients beyond ${mostSlowClients} at once`)
      slowClients += times
    } else throw here.error('is not played by volley, and a scenario is for both generators; take it out')
  }
  take(flow.flow, 1, at.in('flow'))
  return {
    weight: flow.weight === undefined ? 1 : quantity(flow.weight, at.in('weight')),
    requests,
    slowClients,
  }
}
