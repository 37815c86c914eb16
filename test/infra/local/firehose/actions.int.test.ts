import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Firehose } from '@aws-sdk/client-firehose'
import { describe, expect, it, onTestFinished } from 'vitest'
import { firehoseService } from '../../../../infra/local/firehose/actions/firehose-service.ts'
import { credentials, openTestEndpoint, post } from '../aws/open-endpoint.ts'
import { type Changes, deliveredLines, openTestFirehose } from './open-firehose.ts'

/** The SDK's client with its defaults on an embedded Firehose. */
const openSdk = async (changes: Changes = {}) => {
  const opened = await openTestFirehose(changes)
  const log = (message: string, error: unknown) => opened.lines.push(`${message}: ${error}`)
  const { url } = await openTestEndpoint([firehoseService({ engine: opened.firehose(), log })])
  const sdk = new Firehose({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 })
  onTestFinished(() => sdk.destroy())
  return { ...opened, sdk, url, opened }
}

const RoleARN = 'arn:aws:iam::000000000000:role/placar'
const s3 = {
  RoleARN,
  BucketARN: 'arn:aws:s3:::audit',
  Prefix: 'windows/',
  CompressionFormat: 'GZIP' as const,
}
const lambdaArn = 'arn:aws:lambda:us-east-1:000000000000:function:archive'
const streamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/votes'

const direct = (DeliveryStreamName: string) => ({
  DeliveryStreamName,
  ExtendedS3DestinationConfiguration: s3,
})

const lambda = (value = lambdaArn, Type = 'Lambda') => ({
  Enabled: true,
  Processors: [
    {
      Type: Type as 'Lambda',
      Parameters: [{ ParameterName: 'LambdaArn' as const, ParameterValue: value }],
    },
  ],
})

const fromKinesis = {
  DeliveryStreamName: 'votes-archive',
  DeliveryStreamType: 'KinesisStreamAsSource',
  KinesisStreamSourceConfiguration: { KinesisStreamARN: streamArn, RoleARN },
  ExtendedS3DestinationConfiguration: {
    ...s3,
    BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
    ProcessingConfiguration: lambda(),
  },
} as const

describe('CreateDeliveryStream', () => {
  it('makes a delivery stream that is put to, which DescribeDeliveryStream shows as ACTIVE', async () => {
    const { sdk } = await openSdk({ now: () => 1_790_000_000_000 })
    const { DeliveryStreamARN } = await sdk.createDeliveryStream(direct('windows'))
    expect(DeliveryStreamARN).toBe('arn:aws:firehose:us-east-1:000000000000:deliverystream/windows')
    const { DeliveryStreamDescription } = await sdk.describeDeliveryStream({ DeliveryStreamName: 'windows' })
    expect(DeliveryStreamDescription).toMatchObject({
      DeliveryStreamName: 'windows',
      DeliveryStreamARN,
      DeliveryStreamStatus: 'ACTIVE',
      DeliveryStreamType: 'DirectPut',
      VersionId: '1',
      CreateTimestamp: new Date(1_790_000_000_000),
      HasMoreDestinations: false,
      Destinations: [
        {
          DestinationId: 'destinationId-000000000001',
          S3DestinationDescription: { ...s3, BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 } },
          ExtendedS3DestinationDescription: {
            ...s3,
            ProcessingConfiguration: { Enabled: false },
            S3BackupMode: 'Disabled',
          },
        },
      ],
    })
    expect(DeliveryStreamDescription?.Source).toBeUndefined()
  })

  it('makes one with a Kinesis source and a Lambda processor, and keeps its hints', async () => {
    const { sdk, kinesis } = await openSdk()
    await kinesis.createStream('votes', 1)
    await sdk.createDeliveryStream(fromKinesis)
    const { DeliveryStreamDescription: described } = await sdk.describeDeliveryStream({
      DeliveryStreamName: 'votes-archive',
    })
    expect(described?.DeliveryStreamType).toBe('KinesisStreamAsSource')
    expect(described?.Source?.KinesisStreamSourceDescription).toEqual({
      KinesisStreamARN: streamArn,
      RoleARN,
      DeliveryStartTimestamp: described?.CreateTimestamp,
    })
    expect(described?.Destinations?.[0]?.ExtendedS3DestinationDescription).toMatchObject({
      BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
      ProcessingConfiguration: lambda(),
    })
  })

  it('takes the older S3DestinationConfiguration too', async () => {
    const { sdk } = await openSdk()
    await sdk.createDeliveryStream({ DeliveryStreamName: 'old', S3DestinationConfiguration: s3 })
    const { DeliveryStreamDescription } = await sdk.describeDeliveryStream({ DeliveryStreamName: 'old' })
    expect(DeliveryStreamDescription?.Destinations?.[0]?.S3DestinationDescription).toMatchObject(s3)
  })

  it('refuses a name that is taken', async () => {
    const { sdk } = await openSdk()
    await sdk.createDeliveryStream(direct('windows'))
    await expect(sdk.createDeliveryStream(direct('windows'))).rejects.toMatchObject({
      name: 'ResourceInUseException',
      message: 'Firehose windows under accountId 000000000000 already exists',
      $metadata: { httpStatusCode: 400 },
    })
  })

  it('refuses the fifty-first', async () => {
    const { sdk, ensure } = await openSdk()
    for (let made = 0; made < 50; made += 1) await ensure({ name: `windows-${made}` })
    await expect(sdk.createDeliveryStream(direct('windows'))).rejects.toMatchObject({
      name: 'LimitExceededException',
    })
  })

  const extended = (change: object) => ({
    ...direct('windows'),
    ExtendedS3DestinationConfiguration: { ...s3, ...change },
  })
  it.each<[string, object, string]>([
    ['no destination', { DeliveryStreamName: 'windows' }, 'destination'],
    ['two destinations', { ...direct('windows'), S3DestinationConfiguration: s3 }, 'destination'],
    ['a source that is not here', { ...direct('windows'), DeliveryStreamType: 'MSKAsSource' }, 'MSKAsSource'],
    [
      'a Kinesis source without its stream',
      { ...direct('windows'), DeliveryStreamType: 'KinesisStreamAsSource' },
      'KinesisStreamSourceConfiguration',
    ],
    [
      'a stream with DirectPut',
      { ...fromKinesis, DeliveryStreamType: 'DirectPut' },
      'KinesisStreamSourceConfiguration',
    ],
    ['a stream that does not exist', fromKinesis, 'stream/votes does not exist'],
    [
      'a function that does not exist',
      extended({ ProcessingConfiguration: lambda(`${lambdaArn}r`) }),
      'function:archiver does not exist',
    ],
    [
      'another processor',
      extended({ ProcessingConfiguration: lambda(lambdaArn, 'Decompression') }),
      'processor',
    ],
    ['a compression that is not here', extended({ CompressionFormat: 'Snappy' }), 'Snappy'],
    ['a prefix that leaves the bucket', extended({ Prefix: '../../etc/' }), '../../etc/'],
    ['a prefix with an expression', extended({ Prefix: '!{timestamp:yyyy}/' }), '!{timestamp:yyyy}/'],
    ['a bucket that is no name', extended({ BucketARN: 'arn:aws:s3:::..' }), 'names no bucket'],
  ])('refuses %s', async (_what, input, said) => {
    const { sdk } = await openSdk()
    await expect(
      sdk.createDeliveryStream(input as Parameters<typeof sdk.createDeliveryStream>[0]),
    ).rejects.toMatchObject({ name: 'InvalidArgumentException', message: expect.stringContaining(said) })
    expect((await sdk.listDeliveryStreams({})).DeliveryStreamNames).toEqual([])
  })

  it('refuses fields that are out of AWS’s bounds', async () => {
    const { url } = await openSdk()
    const input = extended({ BufferingHints: { SizeInMBs: 0, IntervalInSeconds: 901 }, RoleARN: 'me' })
    const body = JSON.stringify({ ...input, DeliveryStreamName: 'no spaces' })
    const answer = await post(url, 'Firehose_20150804.CreateDeliveryStream', body)
    const { __type, message } = await answer.json()
    expect([answer.status, __type]).toEqual([400, 'ValidationException'])
    for (const said of [
      '4 validation errors',
      "'deliveryStreamName'",
      'roleARN',
      'sizeInMBs',
      'intervalInSeconds',
    ])
      expect(message).toContain(said)
  })

  it('a name of dots stays within the data folder', async () => {
    const { sdk, opened } = await openSdk()
    await sdk.createDeliveryStream(direct('..'))
    await sdk.putRecord({ DeliveryStreamName: '..', Record: { Data: Buffer.from('a\n') } })
    expect(await deliveredLines(opened, 1)).toEqual(['a'])
    await sdk.deleteDeliveryStream({ DeliveryStreamName: '..' })
    expect(await opened.keys()).toHaveLength(1)
  })
})

describe('delivery streams', () => {
  it('are listed by name, by type and by page', async () => {
    const { sdk, kinesis } = await openSdk()
    await kinesis.createStream('votes', 1)
    for (const name of ['c', 'a', 'b']) await sdk.createDeliveryStream(direct(name))
    await sdk.createDeliveryStream(fromKinesis)
    const list = async (input: Parameters<typeof sdk.listDeliveryStreams>[0]) => {
      const { DeliveryStreamNames, HasMoreDeliveryStreams } = await sdk.listDeliveryStreams(input)
      return [DeliveryStreamNames, HasMoreDeliveryStreams]
    }
    expect(await list({})).toEqual([['a', 'b', 'c', 'votes-archive'], false])
    expect(await list({ DeliveryStreamType: 'KinesisStreamAsSource' })).toEqual([['votes-archive'], false])
    expect(await list({ DeliveryStreamType: 'DirectPut', Limit: 2 })).toEqual([['a', 'b'], true])
    expect(await list({ ExclusiveStartDeliveryStreamName: 'b' })).toEqual([['c', 'votes-archive'], false])
  })

  it('are there after a restart, and a deleted one is not', async () => {
    const { sdk, opened } = await openSdk()
    for (const name of ['a', 'b']) await sdk.createDeliveryStream(direct(name))
    await sdk.deleteDeliveryStream({ DeliveryStreamName: 'a' })
    await opened.reopen()
    expect(
      opened
        .firehose()
        .deliveryStreams()
        .map(({ name }) => name),
    ).toEqual(['b'])
  })

  it('of a deleted one’s name begin anew', async () => {
    const { sdk, opened } = await openSdk({ buffering: { bytes: 1024 * 1024, ms: 500 } })
    const DeliveryStreamName = 'windows'
    await sdk.createDeliveryStream(direct(DeliveryStreamName))
    await sdk.putRecord({ DeliveryStreamName, Record: { Data: Buffer.from('old\n') } })
    await sdk.deleteDeliveryStream({ DeliveryStreamName })
    await sdk.createDeliveryStream(direct(DeliveryStreamName))
    await sdk.putRecord({ DeliveryStreamName, Record: { Data: Buffer.from('new\n') } })
    expect(await deliveredLines(opened, 1)).toEqual(['new'])
  })

  it('that do not exist are neither described nor deleted', async () => {
    const { sdk } = await openSdk()
    const unknown = { DeliveryStreamName: 'none' }
    const refused = {
      name: 'ResourceNotFoundException',
      message: 'Firehose none under account 000000000000 not found.',
    }
    await expect(sdk.describeDeliveryStream(unknown)).rejects.toMatchObject(refused)
    await expect(sdk.deleteDeliveryStream(unknown)).rejects.toMatchObject(refused)
  })
})

describe('records', () => {
  const DeliveryStreamName = 'windows'
  const record = (text: string) => ({ Data: Buffer.from(text) })

  it('of PutRecord and PutRecordBatch are delivered in order, each with an id of its own', async () => {
    const { sdk, opened } = await openSdk()
    await sdk.createDeliveryStream(direct(DeliveryStreamName))
    const single = await sdk.putRecord({ DeliveryStreamName, Record: record('a\n') })
    const batch = await sdk.putRecordBatch({ DeliveryStreamName, Records: [record('b\n'), record('c\n')] })
    expect([single.Encrypted, batch.Encrypted, batch.FailedPutCount]).toEqual([false, false, 0])
    const ids = [single.RecordId, ...(batch.RequestResponses ?? []).map(({ RecordId }) => RecordId)]
    expect(ids.every((id) => typeof id === 'string' && id.length > 0)).toBe(true)
    expect(new Set(ids).size).toBe(3)
    expect(await deliveredLines(opened, 3)).toEqual(['a', 'b', 'c'])
  })

  it('may be as many and as large as AWS allows, and no more', async () => {
    const { sdk, opened } = await openSdk()
    await sdk.createDeliveryStream(direct(DeliveryStreamName))
    const put = (Records: { Data: Buffer }[]) => sdk.putRecordBatch({ DeliveryStreamName, Records })
    const repeat = (count: number, text: string) => Array.from({ length: count }, () => record(text))
    const large = `${'x'.repeat(1_024_000 - 1)}\n`

    expect((await put(repeat(500, 'x\n'))).FailedPutCount).toBe(0)
    expect((await put(repeat(4, large))).FailedPutCount).toBe(0)
    await sdk.putRecord({ DeliveryStreamName, Record: record(large) })
    await expect(put(repeat(501, 'x'))).rejects.toMatchObject({ name: 'ValidationException' })
    await expect(put([])).rejects.toMatchObject({ name: 'ValidationException' })
    await expect(put([record(`${large}x`)])).rejects.toMatchObject({ name: 'ValidationException' })
    await expect(sdk.putRecord({ DeliveryStreamName, Record: record(`${large}x`) })).rejects.toMatchObject({
      name: 'ValidationException',
    })
    await expect(put(repeat(5, large))).rejects.toMatchObject({ name: 'InvalidArgumentException' })
    const lines = await deliveredLines(opened, 505)
    expect(lines.filter((line) => line.length === large.length - 1)).toHaveLength(5)
    expect(lines).toHaveLength(505)
  })

  it('are refused by a delivery stream with a Kinesis source', async () => {
    const { sdk, kinesis } = await openSdk()
    await kinesis.createStream('votes', 1)
    await sdk.createDeliveryStream(fromKinesis)
    const name = { DeliveryStreamName: 'votes-archive' }
    const refused = {
      name: 'InvalidArgumentException',
      message: 'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
    }
    await expect(sdk.putRecord({ ...name, Record: record('a') })).rejects.toMatchObject(refused)
    await expect(sdk.putRecordBatch({ ...name, Records: [record('a')] })).rejects.toMatchObject(refused)
  })

  it('are refused by a delivery stream that does not exist', async () => {
    const { sdk } = await openSdk()
    const refused = { name: 'ResourceNotFoundException' }
    await expect(sdk.putRecord({ DeliveryStreamName, Record: record('a') })).rejects.toMatchObject(refused)
    await expect(sdk.putRecordBatch({ DeliveryStreamName, Records: [record('a')] })).rejects.toMatchObject(
      refused,
    )
  })

  it('that the log cannot take fail, and are not acknowledged', async () => {
    const { sdk, opened } = await openSdk()
    await sdk.createDeliveryStream(direct(DeliveryStreamName))
    await rm(join(opened.folder, 'firehose', 'streams', 'of-windows', 'log'), { recursive: true })
    const batch = await sdk.putRecordBatch({ DeliveryStreamName, Records: [record('a'), record('b')] })
    expect(batch.FailedPutCount).toBe(2)
    expect(batch.RequestResponses?.[0]).toEqual({
      ErrorCode: 'ServiceUnavailableException',
      ErrorMessage: expect.any(String),
    })
    await expect(sdk.putRecord({ DeliveryStreamName, Record: record('a') })).rejects.toMatchObject({
      name: 'ServiceUnavailableException',
    })
    expect(opened.lines.join('\n')).toContain('2 of 2 records for windows could not be stored')
  })
})
