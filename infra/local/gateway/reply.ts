import { errorTable, type Refusal } from '../../../ingest/errors.ts'

/** An answer, before it is known over which kind of connection it goes. */
export type Reply = {
  status: number
  /** Names in lower case. `content-length`, `connection` and, where it is missing, `date` are the connection's to add. */
  headers: Readonly<Record<string, string>>
  body: string | Buffer
}

const jsonHeaders = { 'content-type': 'application/json' }

/** A JSON text. */
export const jsonReply = (
  status: number,
  body: string,
  headers?: Readonly<Record<string, string>>,
): Reply => ({ status, headers: headers === undefined ? jsonHeaders : { ...jsonHeaders, ...headers }, body })

/** A refusal as the error table says. */
export const refusalReply = (problem: Refusal, headers: Readonly<Record<string, string>> = {}): Reply => {
  const row: { status: number; retryAfterSeconds?: number } = errorTable[problem.error]
  const retry: Record<string, string> =
    row.retryAfterSeconds === undefined ? {} : { 'retry-after': String(row.retryAfterSeconds) }
  return jsonReply(row.status, JSON.stringify(problem), { ...retry, ...headers })
}

/** A refusal as raw bytes, for a connection whose request could not be read as HTTP. */
export const rawRefusal = (problem: Refusal): string => {
  const { status } = errorTable[problem.error]
  const json = JSON.stringify(problem)
  return `HTTP/1.1 ${status} ${problem.error}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(json)}\r\nConnection: close\r\n\r\n${json}`
}
