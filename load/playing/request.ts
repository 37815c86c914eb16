import type { Tally } from '../tally.ts'
import { mapping, type Place, refuseOthers, text } from './mapping.ts'
import { tallyOfName } from './request-name.ts'
import { isRandom } from './template.ts'

/** A request of a scenario, its templates not filled in yet. */
export type ScenarioRequest = {
  name: string
  method: 'GET' | 'POST'
  url: string
  headers: Record<string, string>
  /** Text is sent as it is, the other two are encoded once their templates are filled in. */
  body: { text: string } | { json: unknown } | { form: Record<string, unknown> } | undefined
  tally: Tally
  expected: number[]
  conditional: boolean
}

/** A request with random parts is built beforehand, in this many variants or fewer. */
export const mostVariants = 64

/** Whether filling its templates in twice may give two requests. */
export const hasRandomParts = ({
  url,
  headers,
  body,
}: Pick<ScenarioRequest, 'url' | 'headers' | 'body'>): boolean =>
  isRandom(JSON.stringify([url, headers, body]))

const known = ['name', 'url', 'json', 'body', 'form', 'headers', 'expect', 'capture', 'followRedirect']

/** Throws `LoadError` for what volley cannot play. */
export const parseRequest = (
  method: 'get' | 'post',
  value: unknown,
  defaultHeaders: unknown,
  at: Place,
  leaveOut: (what: string) => void,
): ScenarioRequest => {
  const request = mapping(value, at)
  // Volley follows no redirect anyhow, and sends back the newest ETag: nothing else may be captured.
  refuseOthers(request, known, at)
  expectEtag(request.capture, at.in('capture'))
  const url = text(request.url, at.in('url'))
  if (!url.startsWith('/')) throw at.in('url').error('must begin with / for volley')
  const headers = headersOf({ ...headersOf(defaultHeaders, at), ...headersOf(request.headers, at) }, at)
  const { 'if-none-match': etag, ...others } = headers
  const name = request.name === undefined ? url : text(request.name, at.in('name'))
  const parsed: ScenarioRequest = {
    name,
    method: method === 'get' ? 'GET' : 'POST',
    url,
    headers: others,
    body: bodyOf(request, at),
    tally: tallyOfName(name) ?? { options: {}, rejected: {} },
    expected: expectedOf(request.expect, at.in('expect'), leaveOut) ?? [method === 'get' ? 200 : 202],
    conditional: etag !== undefined,
  }
  if (hasRandomParts(parsed)) leaveOut(`random values beyond ${mostVariants} variants of a request`)
  return parsed
}

const headersOf = (value: unknown, at: Place): Record<string, string> =>
  Object.fromEntries(
    Object.entries(mapping(value ?? {}, at.in('headers'))).map(([name, field]) => [
      name.toLowerCase(),
      String(field),
    ]),
  )

const bodyOf = (request: Record<string, unknown>, at: Place): ScenarioRequest['body'] => {
  if (request.json !== undefined) return { json: request.json }
  if (request.form !== undefined) return { form: mapping(request.form, at.in('form')) }
  return request.body === undefined ? undefined : { text: text(request.body, at.in('body')) }
}

/** Artillery's expectations, of which volley judges the status. */
const expectedOf = (value: unknown, at: Place, leaveOut: (what: string) => void): number[] | undefined => {
  let statuses: number[] | undefined
  for (const one of value === undefined ? [] : [value].flat())
    for (const [name, wanted] of Object.entries(mapping(one, at)))
      if (name === 'statusCode') statuses = [wanted].flat().map(Number)
      else leaveOut(`expect.${name} (only statusCode is judged)`)
  if (statuses?.some((status) => !(status >= 200 && status < 600)))
    throw at.in('statusCode').error('must be HTTP statuses')
  return statuses
}

const expectEtag = (captures: unknown, at: Place): void => {
  for (const one of captures === undefined ? [] : [captures].flat())
    if (String(mapping(one, at).header).toLowerCase() !== 'etag')
      throw at.error('may only be of the header etag for volley')
}
