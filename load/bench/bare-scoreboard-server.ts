import { createServer } from 'node:http'

/**
 * The peer of the watchers benchmark, in a process of its own: the least that a Node server can do for a viewer. It gives
 * the same bytes to everyone, or 304 to those who have them. `node bare-scoreboard-server.ts <port> <headers> <body>`
 */
const [, , port, json = '{}', body = ''] = process.argv
const headers = JSON.parse(json) as Record<string, string>
const full = { ...headers, 'content-length': Buffer.byteLength(body) }

createServer((request, response) => {
  if (request.headers['if-none-match'] === headers.etag) response.writeHead(304, headers).end()
  else response.writeHead(200, full).end(body)
}).listen(Number(port), '127.0.0.1', () => console.log('listening'))
