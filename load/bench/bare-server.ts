import { createServer } from 'node:http'

/**
 * The peer of the ingest benchmark, in a process of its own: the least that a Node server can do with a vote. It reads
 * the body, parses the JSON and answers 202 with the given text. `node bare-server.ts <port> <answer>`
 */
const [, , port, answer = ''] = process.argv
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) }

createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (text: string) => {
    body += text
  })
  request.on('end', () => {
    JSON.parse(body)
    response.writeHead(202, headers).end(answer)
  })
}).listen(Number(port), '127.0.0.1', () => console.log('listening'))
