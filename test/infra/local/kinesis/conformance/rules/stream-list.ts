import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { refused } from '../refusal.ts'
import type { Rule, RuleClient } from '../rule.ts'

/** Some streams, in the order of their names, which come after those of all other streams. */
const someStreams = async (
  kinesis: RuleClient,
  count: number,
): Promise<{ before: string; names: string[] }> => {
  const before = `zz-${randomUUID()}`
  const names = Array.from({ length: count }, (_, at) => `${before}-${String.fromCharCode(97 + at)}`)
  for (const name of names) {
    await kinesis.createStream({ StreamName: kinesis.newName(name), ShardCount: 1 })
    await kinesis.active(name)
  }
  return { before, names }
}

export const streamListRules: readonly Rule[] = [
  {
    fact: 'streams are listed by name, page by page, going on behind a name',
    aws: 'ListStreams: "you can request more streams by using the name of the last stream returned by the ListStreams request in the ExclusiveStartStreamName parameter"',
    check: async (kinesis) => {
      const { before, names } = await someStreams(kinesis, 3)
      const first = await kinesis.listStreams({ ExclusiveStartStreamName: before, Limit: 2 })
      expect(first).toMatchObject({ StreamNames: names.slice(0, 2), HasMoreStreams: true })
      const rest = await kinesis.listStreams({ ExclusiveStartStreamName: names[1] })
      expect(rest).toMatchObject({ StreamNames: names.slice(2), HasMoreStreams: false })
    },
  },
  {
    fact: 'a page of streams that is not the last has a token for the next',
    aws: 'ListStreams, NextToken (request and response)',
    check: async (kinesis) => {
      const { before, names } = await someStreams(kinesis, 3)
      const { NextToken } = await kinesis.listStreams({ ExclusiveStartStreamName: before, Limit: 2 })
      expect(NextToken).toBeDefined()
      const rest = await kinesis.listStreams({ NextToken })
      expect(rest).toMatchObject({ StreamNames: names.slice(2), HasMoreStreams: false })
    },
  },
  {
    fact: 'a list of streams has a summary of each',
    aws: 'ListStreams, StreamSummaries; StreamSummary: StreamName, StreamARN, StreamStatus, StreamModeDetails',
    check: async (kinesis) => {
      const { before, names } = await someStreams(kinesis, 1)
      const { StreamSummaries } = await kinesis.listStreams({ ExclusiveStartStreamName: before })
      expect(StreamSummaries).toMatchObject([
        { StreamName: names[0], StreamStatus: 'ACTIVE', StreamModeDetails: { StreamMode: 'PROVISIONED' } },
      ])
    },
  },
  {
    fact: 'a page of streams has more than ten where no limit is given',
    aws: 'ListStreams: "If you do not specify a value for the Limit parameter, Kinesis Data Streams uses the default limit, which is currently 100."',
    check: async (kinesis) => {
      const { before, names } = await someStreams(kinesis, 11)
      const { StreamNames, HasMoreStreams } = await kinesis.listStreams({ ExclusiveStartStreamName: before })
      expect({ StreamNames, HasMoreStreams }).toEqual({ StreamNames: names, HasMoreStreams: false })
    },
  },
  {
    fact: 'a page of streams is of 1 to 10,000',
    aws: 'ListStreams, Limit: "Valid Range: Minimum value of 1. Maximum value of 10000."',
    check: async (kinesis) => {
      for (const Limit of [0, 10_001]) await refused(kinesis.listStreams({ Limit }), 'ValidationException')
    },
  },
]
