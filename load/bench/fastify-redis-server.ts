import Fastify from 'fastify'
import { createClient } from 'redis'

/**
 * A peer of the ingest benchmark, in a process of its own: votes counted in Redis behind Fastify, each before its 202.
 * `node fastify-redis-server.ts <port> <redis url> <answer>`
 */
const [, , port, url = '', answer = '{}'] = process.argv
const redis = await createClient({ url }).connect()
const receipt: unknown = JSON.parse(answer)

const name = { type: 'string', pattern: '^[a-z0-9-]{1,64}$' }
const client = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' }
const schema = {
  params: { type: 'object', required: ['poll'], properties: { poll: name } },
  body: {
    type: 'object',
    required: ['option'],
    properties: { option: name, voteId: client, voterId: client, castAt: { type: 'integer', minimum: 0 } },
  },
  response: {
    202: {
      type: 'object',
      properties: {
        accepted: { type: 'integer' },
        receipt: {
          type: 'object',
          properties: { shardId: { type: 'string' }, sequenceNumber: { type: 'string' } },
        },
      },
    },
  },
}

const app = Fastify()
app.post<{ Params: { poll: string }; Body: { option: string } }>(
  '/polls/:poll/votes',
  { schema },
  async (request, reply) => {
    await redis.hIncrBy(`poll:${request.params.poll}`, request.body.option, 1)
    return reply.code(202).send(receipt)
  },
)
await app.listen({ port: Number(port), host: '127.0.0.1' })
console.log('listening')
