import express from 'express'
import { createClient } from 'redis'

/**
 * A peer of the ingest benchmark, in a process of its own: votes counted in Redis behind Express, each before its 202.
 * `node express-redis-server.ts <port> <redis url> <answer>`
 */
const [, , port, url = '', answer = '{}'] = process.argv
const redis = await createClient({ url }).connect()
const receipt: unknown = JSON.parse(answer)
const name = /^[a-z0-9-]{1,64}$/

const app = express()
// Neither is of use to a POST, and both cost time.
app.disable('x-powered-by')
app.disable('etag')
app.post('/polls/:poll/votes', express.json(), async (request, response) => {
  const { poll } = request.params
  const option: unknown = request.body?.option
  if (!name.test(poll) || typeof option !== 'string' || !name.test(option)) {
    response.status(400).json({ error: 'invalid_vote' })
    return
  }
  await redis.hIncrBy(`poll:${poll}`, option, 1)
  response.status(202).json(receipt)
})
app.listen(Number(port), '127.0.0.1', () => console.log('listening'))
