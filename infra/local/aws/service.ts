import type { IncomingHttpHeaders } from 'node:http'

/** What a service answers; the endpoint adds the request id, the checksum and the length. */
export type ServiceAnswer = {
  status: number
  headers: Record<string, string>
  body: string | Uint8Array
}

/**
 * One AWS service behind the endpoint. Requests find it by the part of `X-Amz-Target` before the last dot, e.g.
 * `Kinesis_20131202`; the part behind it is the action. What `handle` throws is answered as an internal failure.
 */
export type Service = {
  prefix: string
  handle(action: string, body: Buffer, headers: IncomingHttpHeaders): Promise<ServiceAnswer>
  /** The answer to a request that never came to `handle`, or that it threw for; as JSON 1.1 where this is missing. */
  refuse?(reason: Refusal, headers: IncomingHttpHeaders): ServiceAnswer
}

/** What a refusal is known by, and never written: a map that a client sent may have a key `__type` too. */
const refused = Symbol('refused')

/** A request refused, in AWS's words. An ordinary value: actions return it instead of their output. */
export type Refusal = { [refused]: true; __type: string; message?: string; Message?: string }

export const refusal = (type: string, message: string): Refusal & { message: string } => ({
  [refused]: true,
  __type: type,
  message,
})

/** AWS spells this one error's message with a capital. */
export const serializationRefusal = (message?: string): Refusal => ({
  [refused]: true,
  __type: 'SerializationException',
  ...(message === undefined ? {} : { Message: message }),
})

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && refused in value

const statuses: Readonly<Record<string, number>> = {
  AccessDeniedException: 403,
  InternalFailure: 500,
  InternalServerError: 500, // DynamoDB's name for it
  RejectedRecordsException: 419, // Timestream's own
  RequestEntityTooLargeException: 413,
  RequestTimeoutException: 408,
  ServiceUnavailableException: 503,
  UnsupportedMediaTypeException: 415,
}

/** The answer that carries a refusal: status 400 unless the type says otherwise. */
export const refuse = (
  reason: Refusal,
  contentType = 'application/x-amz-json-1.1',
  body: string | Uint8Array = JSON.stringify(reason),
): ServiceAnswer => ({
  status: statuses[reason.__type] ?? 400,
  headers: { 'content-type': contentType },
  body,
})
