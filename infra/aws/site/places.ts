/** Where CloudFront sends a request: to API Gateway, to the scoreboard Lambda, or to the bucket with the page. */
export type Place = 'votes' | 'reads' | 'page'

/**
 * CloudFront's path patterns, in the order in which it tries them; what none matches is the page's. `*` stands for any
 * number of characters, slashes too, so the first pattern has to come before the wider one. Whatever a pattern takes in
 * beyond the routes of infra/local/gateway/route.ts gets its 404 at that place. `/health` is not among them: it tells how
 * a laptop's runtime does, and here alarms do that.
 */
export const places: readonly { pattern: string; place: Exclude<Place, 'page'> }[] = [
  { pattern: '/polls/*/votes*', place: 'votes' },
  { pattern: '/polls', place: 'reads' },
  { pattern: '/polls/*', place: 'reads' },
  { pattern: '/stats', place: 'reads' },
]
