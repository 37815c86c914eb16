import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { crc32 } from 'node:zlib'
import { listenBoth } from './connection.ts'
import { isLoopbackHost } from './loopback-host.ts'
import { type RequestBody, readBody } from './request-body.ts'
import { type Refusal, refusal, refuse, type Service, type ServiceAnswer } from './service.ts'

/** The one AWS endpoint, as anything with an AWS SDK sees it. */
export type Endpoint = {
  port: number
  /** e.g. `http://127.0.0.1:4566`, for `AWS_ENDPOINT_URL`. */
  url: string
  /** Takes no more requests, answers those under way (for at most `graceMs`), and closes. */
  close(): Promise<void>
}

export type EndpointOptions = {
  port: number
  services: readonly Service[]
  /** Told of every internal failure; its stack never leaves this process. */
  log(message: string, error: unknown): void
  graceMs?: number
}

const loopback = '127.0.0.1'

/** A PutRecords of 10 MiB is 13.4 MiB as base64. */
const maxBodyBytes = 16 * 1024 * 1024
const bodyMs = 30_000

/** What all requests under way may keep in memory together. */
const maxBufferedBytes = 256 * 1024 * 1024

/**
 * Opens the endpoint on loopback: HTTP/1.1 and HTTP/2 on one port, services told apart by `X-Amz-Target`. Signatures
 * and dates are not checked. Rejects as `listen` does when the port cannot be had.
 */
export const openEndpoint = async (options: EndpointOptions): Promise<Endpoint> => {
  const { services, log, graceMs = 5000 } = options
  let bufferedBytes = 0
  const reserve = (bytes: number): boolean => {
    if (bufferedBytes + bytes > maxBufferedBytes) return false
    bufferedBytes += bytes
    return true
  }

  const answer = async (request: IncomingMessage): Promise<ServiceAnswer> => {
    if (!namesThisMachine(request)) return refuse(foreignHost)
    const target = request.headers['x-amz-target']
    if (request.method !== 'POST' || typeof target !== 'string') return refuse(noOperation)
    const dot = target.lastIndexOf('.')
    const service = services.find(({ prefix }) => prefix === target.slice(0, dot))
    if (service === undefined) return refuse(unknownTarget(target))
    const { headers } = request
    const refuseRequest = (reason: Refusal) => service.refuse?.(reason, headers) ?? refuse(reason)
    const body = await readBody(request, { maxBytes: maxBodyBytes, timeoutMs: bodyMs, reserve })
    try {
      if ('problem' in body) return refuseRequest(bodyProblems[body.problem])
      return await service.handle(target.slice(dot + 1), body.bytes, headers)
    } catch (error) {
      log(`${target} failed`, error)
      return refuseRequest(internalFailure)
    } finally {
      bufferedBytes -= body.reserved
    }
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    request.on('error', ignore) // a client that went away; what it asked for is finished all the same
    response.on('error', ignore)
    const { status, headers, body } = await answer(request)
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    const isLast = listening.closing() || !request.complete
    response.writeHead(status, {
      'x-amzn-requestid': randomUUID(),
      'x-amz-crc32': String(crc32(bytes)),
      'content-length': String(bytes.length),
      ...headers,
      ...(isLast && request.httpVersionMajor === 1 ? { connection: 'close' } : {}),
    })
    response.end(bytes)
  }

  const listening = await listenBoth(
    (request, response) => {
      handle(request, response).catch((error) => log('an answer could not be sent', error))
    },
    loopback,
    options.port,
  )
  return {
    port: listening.port,
    url: `http://${loopback}:${listening.port}`,
    close: () => listening.close(graceMs),
  }
}

const namesThisMachine = ({ headers }: IncomingMessage): boolean => {
  const names = [headers[':authority'], headers.host].filter((name) => name !== undefined)
  return names.length > 0 && names.every((name) => typeof name === 'string' && isLoopbackHost(name))
}

const ignore = (): void => {}

const foreignHost = refusal(
  'AccessDeniedException',
  'The Host header names another machine; use 127.0.0.1, localhost or [::1].',
)

const internalFailure = refusal('InternalFailure', 'The request could not be processed; the log says why.')

const noOperation = refusal(
  'AccessDeniedException',
  'Unable to determine service/operation name to be authorized; expected a POST with X-Amz-Target.',
)

const unknownTarget = (target: string) =>
  refusal('UnknownOperationException', `No service here answers '${target.slice(0, 200)}'.`)

type BodyProblem = Extract<RequestBody, { problem: string }>['problem']

const bodyProblems: Readonly<Record<BodyProblem, ReturnType<typeof refusal>>> = {
  too_large: refusal('RequestEntityTooLargeException', `The body is over ${maxBodyBytes} bytes.`),
  too_slow: refusal('RequestTimeoutException', `The body did not arrive within ${bodyMs} ms.`),
  too_busy: refusal('ServiceUnavailableException', 'Too many large requests at once; try again.'),
  aborted: refusal('RequestTimeoutException', 'The body ended early.'),
}
