import { onTestFinished } from 'vitest'
import { type Endpoint, openEndpoint } from '../../../../infra/local/aws/endpoint.ts'
import type { Service } from '../../../../infra/local/aws/service.ts'

export type Opened = Endpoint & {
  /** What was logged. */
  logged: string[]
}

/** An endpoint on a free port, closed when the test has finished. */
export const openTestEndpoint = async (services: readonly Service[], graceMs = 1000): Promise<Opened> => {
  const logged: string[] = []
  const log = (message: string, error: unknown): void => {
    logged.push(`${message}: ${error}`)
  }
  const endpoint = await openEndpoint({ port: 0, services, log, graceMs })
  onTestFinished(() => endpoint.close())
  return { ...endpoint, logged }
}

export const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }

/** A request as the JSON protocols of AWS make it, over HTTP/1.1. */
export const post = (
  url: string,
  target: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target, ...headers },
    body,
  })
