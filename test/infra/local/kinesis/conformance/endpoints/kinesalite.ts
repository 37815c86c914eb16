import { once } from 'node:events'
import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { EndpointUnderTest } from '../endpoint-under-test.ts'

type Options = { createStreamMs: number; deleteStreamMs: number; updateStreamMs: number; shardLimit: number }

const createKinesalite: (options: Options) => Server = createRequire(import.meta.url)('kinesalite')

export const kinesalite: EndpointUnderTest = {
  name: 'kinesalite',
  differences: {
    'a stream that was created becomes ACTIVE and is described by name, ARN, mode, retention and open shards':
      'its summary does not tell the mode',
    'an on-demand stream is created without a number of shards': 'has provisioned streams only',
    'DescribeStream shows shards page by page, going on behind a shard': 'lists all shards at once',
    'DescribeStream shows 100 shards at most': 'lists all shards at once',
    'a stream is named by its ARN, its name, or both': 'takes names only',
    'a page of streams that is not the last has a token for the next': 'has no tokens for streams',
    'a list of streams has a summary of each': 'lists names only',
    'a page of streams has more than ten where no limit is given': 'lists ten by default',
    'shards are listed page by page, by a token that stands alone': 'lists all shards at once',
    'a page of shards that a token leads to can be limited too': 'lists all shards at once',
    'shards are listed behind a shard': 'goes on behind a shard, but knows no filters',
    'the filter AT_LATEST lists open shards only': 'knows no filters',
    'the filter AT_TRIM_HORIZON lists the shards that were open at the beginning': 'knows no filters',
    'the filter AT_TIMESTAMP lists the shards that were open at a time': 'knows no filters',
    'the filter FROM_TIMESTAMP lists open shards and those that ended later': 'knows no filters',
    'a filter needs what its type asks for': 'knows no filters',
    'an explicit hash key is a decimal number below 2^128':
      'takes what ends like one, such as 01: its pattern is not bracketed',
    'the partition key counts towards the size of a record': 'counts the data alone',
    'a shard that is over its rate refuses a record as throttled': 'knows no rate',
    'a batch of more than 10 MiB is refused':
      'takes 7 MiB of JSON at most, and refuses more with status 413 and no error type',
    'records over the rate of their shard fail alone, each with code and message': 'knows no rate',
    'a sequence number is a decimal number':
      'takes what ends like one, such as 01: its pattern is not bracketed',
    'a reader with records before it is told how far behind it is': 'always tells 0 ms in an open shard',
    'a shard is split once': 'splits it again',
    'an on-demand stream cannot be split': 'has provisioned streams only',
    'a shard is merged once': 'merges it again',
    'at the end of a split shard both children are named': 'names no children',
    'at the end of a merged shard its child is named with both parents': 'names no children',
    'a scaling is answered with the number of shards there are and the number wanted':
      'has no UpdateShardCount',
    'a scaling up leaves as many open shards of equal size': 'has no UpdateShardCount',
    'a scaling down leaves as many open shards of equal size': 'has no UpdateShardCount',
    'a scaling to a number that no doubling gives is uniform too': 'has no UpdateShardCount',
    'shards that a scaling has ended stay in the line of parents': 'has no UpdateShardCount',
    'a scaling is at most to double and at least to half the open shards': 'has no UpdateShardCount',
    'the open shards alone count as those to be doubled or halved': 'has no UpdateShardCount',
    'a scaling is uniform and to one shard at least': 'has no UpdateShardCount',
    'the retention period goes up to 8,760 hours and back to 24': 'takes 168 hours at most, as AWS did then',
    'metrics of shards are switched on and off, and the answer names those before and after':
      'has no EnableEnhancedMonitoring and DisableEnhancedMonitoring',
    'ALL stands for every metric': 'has no EnableEnhancedMonitoring and DisableEnhancedMonitoring',
    'a metric that does not exist is refused':
      'has no EnableEnhancedMonitoring and DisableEnhancedMonitoring',
    'the limits tell how many shards are open and how many there may be': 'has no DescribeLimits',
    'the mode is switched by ARN, and the shards stay': 'has no UpdateStreamMode',
    'a stream has up to 50 tags, which may come at once': 'takes ten at once',
    'a per cent sign may stand in a tag': 'refuses it, as AWS was seen to do then',
    'a stream is created with its tags': 'passes them over',
    'CBOR is spoken beside JSON, and data is bytes there':
      "gives data as a map of Node.js's Buffer, with type and list of bytes",
    'in CBOR a time is a tagged number of milliseconds': 'gives seconds, and no tag',
  },
  unasked: {
    'a token that was made up is refused': 'never answers',
    'AT_TIMESTAMP behind the newest record begins with what is put later': 'never answers',
  },
  start: async () => {
    const server = createKinesalite({
      createStreamMs: 1,
      deleteStreamMs: 1,
      updateStreamMs: 1,
      shardLimit: 1000,
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      stop: () => new Promise((resolve) => server.close(() => resolve())),
    }
  },
}
