import { assumptions } from './cost/assumptions.ts'
import { type Bill, bill } from './cost/bill.ts'
import { charge } from './cost/price.ts'
import { prices } from './cost/prices.ts'
import {
  recordBytes as bytesOfRecord,
  type Flow,
  roundedUp,
  type StreamMode,
  shardsFor,
  shardsUsd,
  streamUsd,
} from './cost/stream.ts'

/**
 * The way in. `site`: through CloudFront, the one address of page and votes. `rest`: straight to API Gateway, as a
 * collector does. `http`: an HTTP API, for comparison alone: Placar does not offer it (docs/decisions/0022-no-http-api.md).
 */
export type Door = 'site' | 'rest' | 'http'

/** Votes at one rate for a while. */
export type Show = {
  votesPerSecond: number
  hours: number
  door: Door
  /** 1: every voter for itself; up to 500: a trusted collector's batches. */
  votesPerRequest: number
  /** Of the record that holds a request's votes. @default that of the assumed envelope and votes */
  recordBytes?: number
  streamMode: StreamMode
  /** @default those that the rate needs, with headroom */
  shards?: number
}

/** Votes of the whole show. */
export const votesIn = ({ votesPerSecond, hours }: Pick<Show, 'votesPerSecond' | 'hours'>): number =>
  votesPerSecond * hours * 3_600

/** Shards that the show needs, with headroom. */
export const shardsOf = (show: Pick<Show, 'votesPerSecond' | 'votesPerRequest'>): number =>
  shardsFor(flowOf({ ...show, hours: 0 }))

/**
 * What a show costs, item by item, in US dollars of the list prices in cost/prices.ts, in a month in which nothing
 * else happens: monthly tiers begin at the first. Viewers, and what is paid by the month, are bills of their own.
 */
export const showBill = (show: Show): Bill => {
  const flow = flowOf(show)
  const shards = show.shards ?? shardsFor(flow)
  return bill({
    ...doorItems(show),
    Kinesis: streamUsd(show.streamMode, shards, flow),
    ...aggregationItems(show, shards),
    ...archiveItems(show, flow),
  })
}

/** What viewers cost that look at a scoreboard once a second through CloudFront. */
export const viewersBill = (viewers: number, hours: number): Bill => {
  const { bytes, readsPerSecond } = assumptions.scoreboard
  const reads = viewers * readsPerSecond * hours * 3_600
  return bill({
    'CloudFront, requests': charge(prices.cloudFrontRequests, reads),
    'CloudFront, data out': charge(prices.cloudFrontOut, reads * bytes),
  })
}

/** What a month costs in which nobody votes; the committed month of on-demand Advantage included. */
export const idleMonthBill = (mode: StreamMode, shards: number): Bill => {
  const hours = 730
  const nothing = { recordsPerSecond: 0, recordBytes: 0, hours }
  return bill({
    Kinesis: mode === 'provisioned' ? shardsUsd(shards, hours) : streamUsd(mode, shards, nothing),
    WAF: charge(prices.wafAcl, 1) + charge(prices.wafRule, assumptions.wafRules),
  })
}

const flowOf = ({
  votesPerSecond,
  votesPerRequest,
  recordBytes = bytesOfRecord(votesPerRequest),
  hours,
}: Pick<Show, 'votesPerSecond' | 'votesPerRequest' | 'recordBytes' | 'hours'>): Flow => ({
  recordsPerSecond: votesPerSecond / votesPerRequest,
  recordBytes,
  hours,
})

const doorItems = (show: Show): Record<string, number> => {
  const { door } = show
  const requests = votesIn(show) / show.votesPerRequest
  const answered = requests * assumptions.answerBytes
  const behindFirewall = door === 'http' ? 0 : requests
  return {
    'CloudFront, votes':
      door === 'site'
        ? charge(prices.cloudFrontRequests, requests) + charge(prices.cloudFrontOut, answered)
        : 0,
    'API Gateway': charge(door === 'http' ? prices.httpRequests : prices.restRequests, requests),
    WAF: charge(prices.wafRequests, behindFirewall),
    'Access log': charge(prices.accessLogs, requests * assumptions.accessLogBytes),
    'X-Ray': charge(prices.traces, behindFirewall * assumptions.traced),
    'Data out': door === 'site' ? 0 : charge(prices.dataOut, answered),
  }
}

/** Counting costs by shard and second, hardly by vote. */
const aggregationItems = (show: Show, shards: number): Record<string, number> => {
  const { aggregator } = assumptions
  const windows = (shards * show.hours * 3_600) / aggregator.windowSeconds
  const invocations = shards * show.hours * 3_600 * aggregator.pollsPerSecond + windows
  const seconds = (invocations * aggregator.fixedMs + votesIn(show) * aggregator.perVoteMs) / 1_000
  return {
    'Lambda, aggregator':
      charge(prices.lambdaInvocations, invocations) +
      charge(prices.lambdaGbSeconds, seconds * aggregator.memoryGb),
    DynamoDB:
      charge(prices.dynamoDbWrites, writeUnits(shards, show.hours * 3_600)) +
      charge(prices.dynamoDbReads, invocations * aggregator.definitionReads),
  }
}

/** Write units that the aggregator takes of the count store for so many shards and seconds, votes or none. */
export const writeUnits = (shards: number, seconds: number): number => {
  const { pollsPerSecond, windowSeconds, ledgerKb, partKb, partWrites } = assumptions.aggregator
  const windows = (shards * seconds) / windowSeconds
  const puts = shards * seconds * pollsPerSecond + 2 * windows
  return puts * ledgerKb + windows * partKb * partWrites
}

const archiveItems = (show: Show, flow: Flow): Record<string, number> => {
  const { archiver, archive } = assumptions
  const records = votesIn(show) / show.votesPerRequest
  const invocations = (records * flow.recordBytes) / archiver.bytesPerInvocation
  return {
    Firehose: charge(prices.firehoseIn, records * roundedUp(flow.recordBytes, 5 * 1024)),
    'Lambda, archive':
      charge(prices.lambdaInvocations, invocations) +
      charge(prices.lambdaGbSeconds, (invocations * archiver.ms * archiver.memoryGb) / 1_000),
    'S3, a month': charge(
      prices.s3Stored,
      records * (flow.recordBytes + archive.lineBytes) * archive.compressed,
    ),
  }
}
