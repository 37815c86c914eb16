import type { IncomingHttpHeaders } from 'node:http'
import { isRefusal, type Refusal, refusal, refuse, type Service, serializationRefusal } from './service.ts'
import { checkConstraints } from './validation/constraints.ts'
import type { InputOf, Shape } from './validation/shape.ts'
import { checkTypes } from './validation/types.ts'

/** What an action returns where it is not refused; nothing means an empty body. */
export type Output = object | undefined

/** Checks raw input against the action's table, then runs it. */
export type Action<Context> = (context: Context, raw: object) => Promise<Output | Refusal>

/** An action from its table of input fields and the function that does it. */
export const action =
  <Context, const S extends Shape>(
    shape: S,
    run: (context: Context, input: InputOf<S>) => Output | Refusal | Promise<Output | Refusal>,
  ): Action<Context> =>
  async (context, raw) => {
    const typed = checkTypes(shape, raw)
    if (isRefusal(typed)) return typed
    return checkConstraints(shape, typed) ?? run(context, typed as InputOf<S>)
  }

const jsonTypes = ['application/x-amz-json-1.1', 'application/x-amz-json-1.0']

/** A service of AWS's JSON protocols, from its actions by name. */
export const jsonService = <Context>(
  prefix: string,
  context: Context,
  actions: ReadonlyMap<string, Action<Context>>,
): Service => ({
  prefix,
  handle: async (name, body, headers) => {
    const contentType = mediaType(headers)
    if (!jsonTypes.includes(contentType))
      return refuse(
        refusal(
          'UnsupportedMediaTypeException',
          `Content-Type is '${contentType}'; expected ${jsonTypes.join(' or ')}.`,
        ),
      )
    const run = actions.get(name)
    if (run === undefined)
      return refuse(
        refusal('UnknownOperationException', `${prefix} has no action '${name}' here.`),
        contentType,
      )
    const raw = parseObject(body)
    if (raw === undefined) return refuse(serializationRefusal(), contentType)
    const output = await run(context, raw)
    if (isRefusal(output)) return refuse(output, contentType)
    return {
      status: 200,
      headers: { 'content-type': contentType },
      body: output === undefined ? '' : JSON.stringify(output),
    }
  },
})

const mediaType = (headers: IncomingHttpHeaders): string =>
  (headers['content-type'] ?? '').split(';', 1).join('').trim().toLowerCase()

const parseObject = (body: Buffer): object | undefined => {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
