import type { IncomingHttpHeaders } from 'node:http'
import type { Encoding, WireTypes } from './encoding.ts'
import { isRefusal, type Refusal, refusal, refuse, type Service, serializationRefusal } from './service.ts'
import { checkConstraints } from './validation/constraints.ts'
import type { InputOf, Shape } from './validation/shape.ts'
import { checkTypes, isStructure } from './validation/types.ts'

/** What an action returns where it is not refused; nothing means an empty body. */
export type Output = object | undefined

/** Checks a decoded body against the action's table, then runs it. */
export type Action<Context> = (context: Context, raw: object, wire: WireTypes) => Promise<Output | Refusal>

/** An action from its table of input fields and the function that does it. */
export const action =
  <Context, const S extends Shape>(
    shape: S,
    run: (context: Context, input: InputOf<S>) => Output | Refusal | Promise<Output | Refusal>,
  ): Action<Context> =>
  async (context, raw, wire) => {
    const typed = checkTypes(shape, raw, wire)
    if (isRefusal(typed)) return typed
    return checkConstraints(shape, typed) ?? run(context, typed as InputOf<S>)
  }

export type RpcServiceOptions<Context> = {
  prefix: string
  /** Those that AWS's service takes; an answer is in that of its request. */
  encodings: readonly Encoding[]
  context: Context
  actions: ReadonlyMap<string, Action<Context>>
}

/** A service of AWS's RPC protocols, from its actions by name. */
export const rpcService = <Context>(options: RpcServiceOptions<Context>): Service => {
  const { prefix, encodings } = options
  const encodingOf = (contentType: string): Encoding | undefined =>
    encodings.find(({ mediaTypes }) => mediaTypes.includes(contentType))
  const unsupported = (contentType: string): Refusal =>
    refusal(
      'UnsupportedMediaTypeException',
      `Content-Type is '${contentType}'; expected ${encodings.flatMap(({ mediaTypes }) => mediaTypes).join(' or ')}.`,
    )

  return {
    prefix,
    handle: async (name, body, headers) => {
      const contentType = mediaType(headers)
      const encoding = encodingOf(contentType)
      if (encoding === undefined) return refuse(unsupported(contentType))
      const output = await runAction(options, encoding, name, body)
      if (isRefusal(output)) return refuse(output, contentType, encoding.encode(output))
      return {
        status: 200,
        headers: { 'content-type': contentType },
        body: output === undefined ? '' : encoding.encode(output),
      }
    },
    refuse: (reason, headers) => {
      const contentType = mediaType(headers)
      const encoding = encodingOf(contentType)
      return encoding === undefined ? refuse(reason) : refuse(reason, contentType, encoding.encode(reason))
    },
  }
}

const runAction = async <Context>(
  { prefix, actions, context }: RpcServiceOptions<Context>,
  encoding: Encoding,
  name: string,
  body: Buffer,
): Promise<Output | Refusal> => {
  const run = actions.get(name)
  if (run === undefined)
    return refusal('UnknownOperationException', `${prefix} has no action '${name}' here.`)
  const raw = decodeStructure(encoding, body)
  return raw === undefined ? serializationRefusal() : run(context, raw, encoding)
}

const mediaType = (headers: IncomingHttpHeaders): string =>
  (headers['content-type'] ?? '').split(';', 1).join('').trim().toLowerCase()

const decodeStructure = ({ decode }: Encoding, body: Buffer): object | undefined => {
  try {
    const value = decode(body)
    return isStructure(value) ? value : undefined
  } catch {
    return undefined
  }
}
