import { randomUUID } from 'node:crypto'
import { accountId, region } from '../kinesis/stream.ts'

type Handler = (event: unknown, context: object) => Promise<unknown>

/** Runs one invocation in this thread. Rejects when the handler does, or when it cannot be loaded. */
export type RunHandler = (functionName: string, event: unknown, timeoutMs: number) => Promise<unknown>

export const functionArn = (functionName: string): string =>
  `arn:aws:lambda:${region}:${accountId}:function:${functionName}`

/**
 * The handlers of one execution environment, loaded unmodified when they are first invoked. The time-out is only told
 * to the handler; who started the thread has to end it.
 *
 * @param handlers module of each function, by function name: an absolute `file:` URL
 */
export const handlerModules = (handlers: Record<string, string>): RunHandler => {
  const loaded = new Map<string, Promise<Handler>>()

  const load = (functionName: string): Promise<Handler> => {
    const path = handlers[functionName]
    if (path === undefined) throw new Error(`no handler is configured for function ${functionName}`)
    const kept =
      loaded.get(functionName) ?? import(path).then((module: { handler: Handler }) => module.handler)
    loaded.set(functionName, kept)
    return kept
  }

  return async (functionName, event, timeoutMs) => {
    const deadline = Date.now() + timeoutMs
    const handler = await load(functionName)
    return handler(event, {
      awsRequestId: randomUUID(),
      functionName,
      functionVersion: '$LATEST',
      invokedFunctionArn: functionArn(functionName),
      getRemainingTimeInMillis: () => deadline - Date.now(),
    })
  }
}
