import { describe, expect, it } from 'vitest'
import { answer } from '../../../../dashboard/answer.ts'
import { contentSecurityPolicy } from '../../../../dashboard/build.ts'
import type { Views } from '../../../../dashboard/views.ts'
import type { Place } from '../../../../infra/aws/site/places.ts'
import { type Route, routeOf } from '../../../../infra/local/gateway/route.ts'
import { readSite } from '../../../../infra/local/gateway/site.ts'
import { only, templateOf } from '../template-of.ts'
import { placeOf } from './cloudfront-behavior.ts'
import { siteIn, smallPage } from './site-stack.ts'

const folder = smallPage()
const config = only(
  templateOf((stack) => siteIn(stack, folder)),
  'AWS::CloudFront::Distribution',
).Properties.DistributionConfig
const site = await readSite(folder, contentSecurityPolicy)
const localRoute = (path: string) => routeOf(path, (asset) => site.has(asset))

const placeOfRoute: Record<Exclude<Route['kind'], 'health'>, Place> = {
  vote: 'votes',
  read: 'reads',
  asset: 'page',
}

const longest = 'a'.repeat(64)

const routes: [path: string, place: Place][] = [
  ['/polls/final/votes', 'votes'],
  ['/polls/final/votes/batch', 'votes'],
  ['/polls/votes/votes', 'votes'],
  ['/polls/votes/votes/batch', 'votes'],
  ['/polls/scoreboard/votes', 'votes'],
  ['/polls/polls/votes', 'votes'],
  [`/polls/${longest}/votes`, 'votes'],
  ['/polls', 'reads'],
  ['/polls/final/scoreboard', 'reads'],
  ['/polls/final/windows', 'reads'],
  ['/polls/final/shards', 'reads'],
  ['/polls/votes/scoreboard', 'reads'],
  ['/polls/votes/windows', 'reads'],
  ['/polls/votes-1/shards', 'reads'],
  ['/polls/votes-votes/scoreboard', 'reads'],
  ['/polls/shards/scoreboard', 'reads'],
  [`/polls/${longest}/scoreboard`, 'reads'],
  ['/stats', 'reads'],
  ['/', 'page'],
  ['/index.html', 'page'],
  ['/assets/index-a1b2c3.js', 'page'],
]

describe('a route of the laptop', () => {
  it.each(routes)('%s leads to the same place: %s', (path, place) => {
    const route = localRoute(path)
    if (route === undefined || route.kind === 'health') throw new Error(`the laptop has no route for ${path}`)
    expect(placeOfRoute[route.kind]).toBe(place)
    expect(placeOf(config, path)).toBe(place)
  })

  it('is in the table whatever its kind', () => {
    const kinds = new Set(routes.map(([path]) => localRoute(path)?.kind))
    expect([...kinds].toSorted()).toEqual(Object.keys(placeOfRoute).toSorted())
  })

  it('/health has none here: it is how a laptop tells that all its parts run', () => {
    expect(localRoute('/health')?.kind).toBe('health')
    expect(placeOf(config, '/health')).toBe('page')
    expect(site.has('/health')).toBe(false)
  })
})

/** What the laptop answers with 404, and the place that has to do it here. */
const nowhere: [path: string, place: Place][] = [
  ['/polls/', 'reads'],
  ['/polls/final', 'reads'],
  ['/polls/final/', 'reads'],
  ['/polls/final/scoreboard/', 'reads'],
  ['/polls/final/scoreboard/more', 'reads'],
  ['/polls/votes', 'reads'],
  ['/polls/votes/', 'reads'],
  ['/polls//votes', 'reads'],
  ['/polls/votes/batch', 'reads'],
  ['/polls/Final/scoreboard', 'reads'],
  ['/polls/final/Votes', 'reads'],
  [`/polls/${longest}a/scoreboard`, 'reads'],
  ['/polls/final/votes/../scoreboard', 'reads'],
  ['/polls/final/votes/%2e%2e/scoreboard', 'reads'],
  ['/polls/final%2Fvotes', 'reads'],
  ['/polls/final/scoreboard/votes', 'votes'],
  ['/polls/final/votes/scoreboard', 'votes'],
  ['/polls/final/votes/', 'votes'],
  ['/polls/final/votes/batch/', 'votes'],
  ['/polls/final/votesandmore', 'votes'],
  ['/polls/final/scoreboard/../votes', 'votes'],
  ['//polls/final/votes', 'votes'],
  ['/polls/a/b/votes', 'votes'],
  ['/pollsters', 'page'],
  ['/polls.json', 'page'],
  ['/stats/', 'page'],
  ['/Stats', 'page'],
  ['/POLLS/final/votes', 'page'],
  ['/assets/', 'page'],
  ['/assets/../polls', 'reads'],
  ['/.built-from', 'page'],
  ['/votes', 'page'],
  ['/favicon.ico', 'page'],
]

/** It was asked for nothing: every view of it fails. */
const noViews = new Proxy({} as Views, {
  get: (_views, name) => {
    throw new Error(`${String(name)} was asked for`)
  },
})

/** The paths of the API, as API Gateway matches them: one segment for the poll. */
const apiPath = /^\/polls\/[^/]+\/votes(\/batch)?$/

describe('a path that leads nowhere on the laptop', () => {
  it.each(nowhere)('%s ends at one place: %s', (path, place) => {
    expect(localRoute(path)).toBeUndefined()
    expect(placeOf(config, path)).toBe(place)
  })

  // CloudFront matches the plain path and passes on the path as it came (its developer guide, as above).
  it.each(nowhere.filter(([, place]) => place === 'reads'))('%s is a 404 of the reads', async (path) => {
    const { statusCode } = await answer({ path, query: new URLSearchParams() }, noViews)
    expect(statusCode).toBe(404)
  })

  it.each(nowhere.filter(([, place]) => place === 'votes'))('%s is no resource of the API', (path) => {
    expect(path).not.toMatch(apiPath)
  })

  it.each(nowhere.filter(([, place]) => place === 'page'))('%s is no file of the page', (path) => {
    expect(site.has(path)).toBe(false)
  })
})
