import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import dynalite from 'dynalite'
import stores from 'dynalite/db/index.js'
import { isLoopbackHost } from '../aws/loopback-host.ts'
import { refusal, refuse, type ServiceAnswer } from '../aws/service.ts'
import type { FromWorker } from './dynamo.ts'

/**
 * dynalite on a thread of its own: its JSON and LevelDB work would otherwise hold up the gateway. Ends when the main
 * thread sends anything.
 */
const { folder } = workerData as { folder: string }
const tell = (message: FromWorker): void => parentPort?.postMessage(message)

const jsonType = 'application/x-amz-json-1.0'

/** How long a change leaves a table CREATING, DELETING or UPDATING (AWS: some seconds). */
const changeMs = 20

/** dynalite only notices at its first request that the store cannot be opened, and then not why. */
const tryOpening = async (): Promise<void> => {
  const { db } = stores.create({ path: folder })
  await db.open()
  await db.close()
}

const serve = (): void => {
  const server = dynalite({
    path: folder,
    createTableMs: changeMs,
    deleteTableMs: changeMs,
    updateTableMs: changeMs,
  })
  const [handle] = server.listeners('request')
  server.removeAllListeners('request')

  const waiting = new Set<ServerResponse>()
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!isLoopbackHost(request.headers.host)) return send(response, refuse(foreignHost, jsonType))
    waiting.add(response)
    response.on('close', () => waiting.delete(response))
    handle?.call(server, request, response)
  })

  // dynalite throws what goes wrong in its store, e.g. on a full disk, into the void: the request it belongs to would
  // wait for ever. Which one that is cannot be told, so all of them are answered; SDKs try again.
  process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNRESET') return // a client that went away
    if (error.code === 'ERR_HTTP_HEADERS_SENT') return // a request answered here, which dynalite answers too
    tell({ failed: error.message })
    for (const response of waiting) if (!response.headersSent) send(response, refuse(storeFailed, jsonType))
  })

  parentPort?.once('message', () => {
    server.close((error) => {
      if (error) tell({ failed: error.message })
      process.exit(error ? 1 : 0)
    })
  })
  server.listen(0, '127.0.0.1', () => tell({ port: (server.address() as AddressInfo).port }))
}

const send = (response: ServerResponse, { status, headers, body }: ServiceAnswer): void => {
  response.writeHead(status, headers).end(body)
}

const foreignHost = refusal('AccessDeniedException', 'The Host header names another machine; use 127.0.0.1.')
const storeFailed = refusal('InternalServerError', 'The store failed; the log says why.')

try {
  await tryOpening()
  serve()
} catch (error) {
  const { message, cause } = error as Error
  tell({ refused: cause instanceof Error ? cause.message : message })
}
