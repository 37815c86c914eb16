import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EndpointUnderTest } from '../endpoint-under-test.ts'

const main = createRequire(import.meta.url).resolve('kinesis-local/main.js')
const loopbackOnly = fileURLToPath(new URL('loopback-only.ts', import.meta.url))

/** Not ports, but the names by which `loopback-only.ts` tells which real one is whose. */
const [plain, tls] = [1, 2]

const changes = [
  'CREATE_STREAM',
  'DELETE_STREAM',
  'MERGE_SHARDS',
  'SPLIT_SHARD',
  'UPDATE_SHARD_COUNT',
  'UPDATE_STREAM_MODE',
]

const environment = {
  KINESIS_MOCK_PLAIN_PORT: String(plain),
  KINESIS_MOCK_TLS_PORT: String(tls),
  KINESIS_MOCK_CERT_PATH: join(dirname(main), 'server.json'),
  SHARD_LIMIT: '1000',
  LOG_LEVEL: 'ERROR',
  LOAD_DATA_IF_EXISTS: 'false',
  ...Object.fromEntries(changes.map((change) => [`${change}_DURATION`, '1ms'])),
}

export const kinesisLocal: EndpointUnderTest = {
  name: 'kinesis-local',
  differences: {
    'a provisioned stream needs a number of shards, one at least': 'refuses it as LimitExceededException',
    'a stream name has 1 to 128 letters, digits and _ . -': 'refuses it as InvalidArgumentException',
    'a page of streams that is not the last has a token for the next': 'has no tokens for streams',
    'a list of streams has a summary of each': 'lists names only',
    'a page of streams is of 1 to 10,000': 'refuses it as InvalidArgumentException',
    'the filter AT_TRIM_HORIZON lists the shards that were open at the beginning': 'lists all shards',
    'a page of shards is of 1 to 10,000': 'takes 10,001, and answers status 500 to 0',
    'an explicit hash key is a decimal number below 2^128': 'refuses it as InvalidArgumentException',
    'a partition key has 1 to 256 characters': 'refuses it as InvalidArgumentException',
    'the partition key counts towards the size of a record': 'counts the data alone',
    'a number to come after must be a sequence number': 'answers status 500',
    'a batch has 1 to 500 records': 'takes one of none',
    'a batch with a record that breaks a bound is refused as a whole':
      'refuses it as InvalidArgumentException',
    'records over the rate of their shard fail alone, each with code and message': 'knows no rate',
    'AT_TIMESTAMP needs a time, and not one to come': 'takes a time to come in a shard that is empty',
    'a sequence number is given for the two types that need one, and for them only':
      'takes one with TRIM_HORIZON and LATEST',
    'a sequence number of another shard or stream is refused': 'takes that of another stream or shard',
    'a sequence number is a decimal number': 'refuses it as InvalidArgumentException',
    'there are five types of iterators': 'refuses it as SerializationException',
    'an iterator that was made up or changed is refused': 'answers status 500 to some',
    'an iterator has 1 to 512 characters': 'answers status 500',
    'the ending number of a split shard is not below that of its last record':
      'it is 9223372036854775807, far below those of the records',
    'a split is within the hash keys of its shard, and leaves no child empty':
      'cuts off a child without a hash key',
    'a shard is split once': 'refuses it as ResourceInUseException',
    'an on-demand stream cannot be split': 'splits it',
    'a shard is merged once': 'refuses it as ResourceInUseException',
    'a scaling to a number that no doubling gives is uniform too':
      'splits single shards, and leaves the sizes uneven',
    'a scaling is uniform and to one shard at least': 'refuses it as InvalidArgumentException',
    'a metric that does not exist is refused': 'refuses it as SerializationException',
    'a stream has up to 50 tags, which may come at once': 'takes ten at once',
    'a tag has a key of 1 to 128 characters and a value of up to 256': 'takes a request without a single tag',
    'a per cent sign may stand in a tag': 'refuses it',
    'an action that does not exist is unknown': 'refuses it as AccessDeniedException',
    'data that is no base64 cannot be read': 'takes some, and answers status 500 to some',
    'a field that must be there is named when it is not': 'refuses it as SerializationException',
    'a value out of its bounds is quoted, with the rule it breaks': 'has words of its own',
    'all that is wrong is told at once, in the order of the fields':
      'has words of its own, and tells the first alone',
    'a stream that is not there is named with its account': 'names its ARN instead',
    'CBOR is spoken beside JSON, and data is bytes there': 'gives data as base64 text',
    'in CBOR a time is a tagged number of milliseconds': 'gives no tag',
  },
  unasked: {
    'the filter FROM_TIMESTAMP lists open shards and those that ended later':
      'lists all shards mostly, but not always',
    'the filter AT_TIMESTAMP lists the shards that were open at a time':
      'lists all shards mostly, but not always',
    'a batch may have more than 5 MiB': 'takes it, in some 5 s',
    'a batch of more than 10 MiB is refused': 'takes 11,000,000 bytes, in some 10 s',
    'a shard that is over its rate refuses a record as throttled':
      'knows no rate, as the rule on batches shows, and takes seconds for the megabytes of this one',
  },
  start: async () => {
    const child = fork(main, {
      execArgv: ['--import', loopbackOnly],
      env: environment,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const exited = once(child, 'exit')
    return {
      url: `http://127.0.0.1:${await portOf(child)}`,
      stop: async () => {
        child.kill()
        await exited
      },
    }
  },
}

const portOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.on('message', (message: { wanted: number; port: number }) => {
      if (message.wanted === plain) resolve(message.port)
    })
    child.on('exit', (code) => reject(new Error(`kinesis-local ended with code ${code}`)))
  })
