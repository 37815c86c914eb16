import { readFileSync } from 'node:fs'
import { render } from 'velocityjs'

/** What API Gateway knows of a request when it renders a mapping template. */
export type GatewayRequest = {
  /** The body as sent; API Gateway has validated it against the model by then. */
  body: string
  /** The path segment, percent-decoded. */
  poll: string
  query?: Record<string, string>
  headers?: Record<string, string>
  /** Epoch ms, `$context.requestTimeEpoch`. */
  requestTimeEpoch: number
  /** A client can set this one, by the header `x-amzn-RequestId`. */
  requestId?: string
  extendedRequestId: string
}

/** The `kinesis:PutRecord` request that a template rendered; `data` is decoded. */
export type RenderedRecord = { names: string[]; streamName: string; data: Buffer; partitionKey: string }

export const templates = { vote: read('put-vote.vtl'), batch: read('put-batch.vtl') }

/** What a template can ask for; `context` takes what it sets. */
export type TemplateInput = {
  body: string
  /** Path, query and header parameters, in the order in which `$input.params` looks. */
  parameters: Record<string, string>[]
  context: Record<string, unknown>
  stageVariables: Record<string, string>
}

/** Renders a template as API Gateway does, with `$input`, `$util` and the rest as its developer guide defines them. */
export const renderTemplate = (
  template: string,
  { body, parameters, context, stageVariables }: TemplateInput,
): string => {
  const variables = {
    input: {
      path: (path: string) => jsonPath(JSON.parse(body), path),
      params: (name: string) => parameters.find((map) => Object.hasOwn(map, name))?.[name] ?? '',
    },
    util: {
      escapeJavaScript,
      base64Encode: (data: string) => Buffer.from(data, 'utf8').toString('base64'),
    },
    context,
    stageVariables,
  }
  return render(template, variables, {}, { customMethodHandlers: [javaReplaceAll] })
}

/** The record that a request template makes of a request. */
export const renderRecord = (template: string, request: GatewayRequest): RenderedRecord => {
  const { poll, query = {}, headers = {}, requestTimeEpoch, requestId = 'r-1', extendedRequestId } = request
  const text = renderTemplate(template, {
    body: request.body,
    parameters: [{ poll }, query, headers],
    context: { requestTimeEpoch, requestId, extendedRequestId, requestOverride: { header: {} } },
    stageVariables: { streamName: 'placar-votes' },
  })
  return recordOf(text)
}

/** Reads the `kinesis:PutRecord` request that a template rendered. */
export const recordOf = (text: string): RenderedRecord => {
  const record = JSON.parse(text) as { StreamName: string; Data: string; PartitionKey: string }
  return {
    names: Object.keys(record),
    streamName: record.StreamName,
    data: Buffer.from(record.Data, 'base64'),
    partitionKey: record.PartitionKey,
  }
}

/** `$` and `$.name`, all that the templates use; an absent field is null, as in Java. */
const jsonPath = (root: unknown, path: string): unknown => {
  if (path === '$') return root
  const name = /^\$\.(\w+)$/.exec(path)?.[1]
  if (name === undefined)
    throw new Error(`The JSON path ${path} is not one this test knows; expected $ or $.name`)
  return (root as Record<string, unknown>)[name] ?? null
}

/** `StringEscapeUtils.escapeJavaScript` of Java's commons-lang 2; what it makes of a `'` is not JSON. */
const escapeJavaScript = (text: string): string => {
  const named: Record<string, string> = { '\b': '\\b', '\n': '\\n', '\t': '\\t', '\f': '\\f', '\r': '\\r' }
  const escaped = text.split('').map((unit) => {
    if (`'"\\/`.includes(unit)) return `\\${unit}`
    const code = unit.charCodeAt(0)
    if (code >= 32 && code <= 0x7f) return unit
    return named[unit] ?? `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`
  })
  return escaped.join('')
}

/** Java's `String.replaceAll` takes a regular expression, JavaScript's takes the text itself. */
const javaReplaceAll = {
  uid: 'java.lang.String.replaceAll',
  match: ({ property, context }: { property: string; context: unknown }) =>
    property === 'replaceAll' && typeof context === 'string',
  resolve: ({ context, params }: { context: string; params: string[] }) =>
    context.replace(new RegExp(params[0] ?? '', 'g'), params[1] ?? ''),
}

function read(name: string): string {
  return readFileSync(new URL(`../../ingest/templates/${name}`, import.meta.url), 'utf8')
}
