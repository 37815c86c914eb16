// Artillery loads this file itself, on the laptop or in a container of its own: hence JavaScript, and nothing imported
// but Node's.
import { connect } from 'node:net'
import { connect as connectSecurely } from 'node:tls'

/** Placar answers 408 after 10 s; API Gateway says nothing about its own patience. */
const giveUpAfterMs = 45_000
const dripEveryMs = 1_000
/** What it announces; at a byte a drip it never gets there. */
const announcedBytes = 1_000

/**
 * Begins a vote and then lets its body drip, a byte a second, until the server has had enough.
 *
 * @param {{ host: string, port: number, path: string, secure?: boolean, patienceMs?: number }} at
 *   `secure`: over TLS; `patienceMs`: how long it keeps dripping at most
 * @returns {Promise<string>} the status that it was answered with, such as `408`; `closed`: the connection was closed
 *   without an answer; `never refused`: the server still listened when patience ended
 * @throws the socket's error, when there was no connection to begin with
 */
export const slowClient = ({ host, port, path, secure = false, patienceMs = giveUpAfterMs }) =>
  new Promise((resolve, reject) => {
    let connected = false
    let answer = ''
    let drip
    let patience
    const socket = secure ? connectSecurely({ host, port, servername: host }) : connect({ host, port })
    const end = (result) => {
      clearInterval(drip)
      clearTimeout(patience)
      socket.destroy()
      resolve(result)
    }
    socket.setEncoding('latin1')
    socket.on(secure ? 'secureConnect' : 'connect', () => {
      connected = true
      const headers = `host: ${host}:${port}\r\ncontent-type: application/json\r\ncontent-length: ${announcedBytes}`
      socket.write(`POST ${path} HTTP/1.1\r\n${headers}\r\n\r\n{"option":"`)
      drip = setInterval(() => socket.write('a'), dripEveryMs)
      patience = setTimeout(() => end('never refused'), patienceMs)
    })
    socket.on('data', (text) => {
      answer += text
      const status = /^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]
      if (status !== undefined) end(status)
    })
    socket.on('error', (error) => {
      if (connected) end('closed')
      else reject(error)
    })
    socket.on('close', () => end('closed'))
  })

/**
 * The same as a step of an Artillery scenario: counts how it ended beside the answers to the requests named
 * `slow client`, and fails its virtual user when the server never refused.
 *
 * @param {{ vars: { target: string, poll: string } }} context
 * @param {{ emit(event: 'counter', name: string, by: number): void }} events
 */
export const slowVote = async ({ vars: { target, poll } }, events) => {
  const { protocol, hostname, port, pathname } = new URL(target)
  const secure = protocol === 'https:'
  const result = await slowClient({
    host: hostname,
    port: Number(port || (secure ? 443 : 80)),
    path: `${pathname.replace(/\/$/, '')}/polls/${poll}/votes`,
    secure,
  })
  events.emit('counter', `votes.slow client.codes.${result}`, 1)
  if (result === 'never refused') throw new Error('slow client never refused')
}
