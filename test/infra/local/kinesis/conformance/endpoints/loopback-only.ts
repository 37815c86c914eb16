import { type AddressInfo, Server } from 'node:net'

/*
 * Loaded before kinesis-local, which listens on every address of the machine and cannot be told otherwise: its servers
 * listen on a free port of the loopback address instead. The parent process is told which one has come of which setting.
 */

/** As it is called below; the types of Node.js know it by more. */
type Listen = (this: Server, port: number, host: string, listening: () => void) => Server

const listen: Listen = Server.prototype.listen

Server.prototype.listen = function (this: Server, wanted: unknown, listening: unknown) {
  return listen.call(this, 0, '127.0.0.1', () => {
    const { port } = this.address() as AddressInfo
    process.send?.({ wanted: Number(wanted), port })
    if (typeof listening === 'function') listening()
  })
} as typeof Server.prototype.listen
