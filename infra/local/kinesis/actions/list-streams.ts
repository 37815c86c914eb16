import { action } from '../../aws/rpc-service.ts'
import { refusal } from '../../aws/service.ts'
import { limit, nextToken, streamName } from '../validation/fields.ts'
import type { KinesisContext } from './context.ts'
import { summarizeStream } from './stream-description.ts'

/** The default, and the most that is ever returned. */
const maxStreams = 100

const input = { Limit: limit, ExclusiveStartStreamName: streamName, NextToken: nextToken } as const

/** The streams by name, 100 a page. */
export const listStreams = action(input, ({ engine, tokens, now }: KinesisContext, wanted) => {
  let after = wanted.ExclusiveStartStreamName ?? ''
  if (wanted.NextToken !== undefined) {
    const opened = tokens.open('ListStreams', wanted.NextToken)
    if ('expired' in opened) return refusal('ExpiredNextTokenException', 'NextToken has expired.')
    if ('invalid' in opened) return refusal('InvalidArgumentException', 'Invalid NextToken.')
    after = (opened.content as { after: string }).after
  }
  const streams = engine.streams().filter(({ name }) => name > after)
  const page = streams.slice(0, Math.min(wanted.Limit ?? maxStreams, maxStreams))
  const hasMore = page.length < streams.length
  return {
    StreamNames: page.map(({ name }) => name),
    HasMoreStreams: hasMore,
    ...(hasMore ? { NextToken: tokens.seal('ListStreams', { after: page.at(-1)?.name }) } : {}),
    StreamSummaries: page.map((stream) => summarizeStream(stream, now())),
  }
})
