import { Duration, Validations } from 'aws-cdk-lib'
import type { DeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { type Bucket, type IBucket, ObjectLockRetention, StorageClass } from 'aws-cdk-lib/aws-s3'
import { S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY } from 'aws-cdk-lib/cx-api'
import { Construct } from 'constructs'
import { pipeline } from '../config.ts'
import { archiveDelivery } from './audit/archive-delivery.ts'
import { ArchiveTables } from './audit/archive-tables.ts'
import { privateBucket } from './audit/private-bucket.ts'
import { RecountQuery } from './audit/recount-query.ts'
import { handlerFunction } from './handler-function.ts'
import type { Settings } from './settings.ts'
import type { VoteStream } from './vote-stream.ts'

export type AuditParts = { settings: Settings; votes: VoteStream }

/**
 * The archive (docs/audit-format.md) and what recounts a poll from it.
 *
 * Firehose reads the stream from when its delivery stream is made (from LATEST), so a vote from before is in no archive: the
 * front door is to open behind `rawVotes`.
 */
export class Audit extends Construct {
  /** The archive. */
  readonly bucket: Bucket
  /**
   * Where Lambda puts what it gave up. A bucket of its own: the function that counts votes is to write nothing into the archive,
   * and it is not documented that Lambda's uploads suit a bucket with object lock (see `locked`).
   */
  readonly failures: Bucket
  /** Takes sealed windows, by direct put. */
  readonly windows: DeliveryStream
  /** Takes every record of the stream. */
  readonly rawVotes: DeliveryStream
  /** Makes lines of records on their way into the archive. */
  readonly archiver: IFunction

  constructor(scope: Construct, id: string, { settings, votes }: AuditParts) {
    super(scope, id)
    // A bucket without ACLs takes access logs by its policy.
    this.node.setContext(S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY, true)
    const logs = privateBucket(this, 'AccessLogs', settings, {
      lifecycleRules: [{ expiration: Duration.days(accessLogDays) }],
    })
    Validations.of(logs).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'It holds the access logs; logging its own would never end.',
    })
    const logged = (prefix: string) => ({
      serverAccessLogsBucket: logs as IBucket,
      serverAccessLogsPrefix: prefix,
    })
    this.bucket = privateBucket(this, 'Archive', settings, {
      ...logged('archive/'),
      ...locked(settings.objectLockDays),
      lifecycleRules: [
        // The cheapest class that Athena still reads at once.
        {
          transitions: [
            {
              storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL,
              transitionAfter: Duration.days(coldAfterDays),
            },
          ],
        },
      ],
    })
    this.failures = privateBucket(this, 'Failures', settings, logged('failures/'))
    const results = privateBucket(this, 'Results', settings, {
      ...logged('results/'),
      lifecycleRules: [{ expiration: Duration.days(resultDays) }],
    })

    this.archiver = handlerFunction(this, 'Archiver', {
      entry: 'aggregators/archive.lambda.ts',
      description: 'Makes lines of the archive from records of the stream.',
      timeoutSeconds: pipeline.archiver.timeoutSeconds,
      memoryMb: 512,
      environment: {},
      noDeadLetters: 'Firehose waits for its answer, and keeps in the archive bucket what it failed at.',
    })
    this.rawVotes = archiveDelivery(this, 'RawVotes', {
      archive: this.bucket,
      prefix: pipeline.audit.votes.prefix,
      bufferMiB: 128,
      source: { stream: votes.stream, transformer: this.archiver },
    })
    Validations.of(this.rawVotes).acknowledge({
      id: 'AwsSolutions-KDF1',
      reason: 'It reads a stream that is encrypted itself; AWS refuses a second encryption of such a source.',
    })
    this.windows = archiveDelivery(this, 'Windows', {
      archive: this.bucket,
      prefix: pipeline.audit.windows.prefix,
      bufferMiB: 5,
    })

    const { databaseName } = new ArchiveTables(this, 'Tables', {
      archive: this.bucket,
      stack: settings.stack,
    })
    new RecountQuery(this, 'Recount', { stack: settings.stack, databaseName, results })
  }
}

const accessLogDays = 365
/** Instant retrieval is billed for 90 days at least; by then a result is seldom looked at. */
const coldAfterDays = 90
/** A recount can be run again. */
const resultDays = 30

/**
 * In compliance mode nobody, not even the account's owner, can shorten it. S3 locks versions, so it needs them. Never tried: S3
 * refuses uploads to such a bucket without a checksum (its user guide), and Firehose's documentation does not say that it sends
 * one. If it does not, deliveries fail and are repeated, and the data freshness tells within minutes of the first vote.
 */
const locked = (days: number) =>
  days === 0
    ? {}
    : {
        versioned: true,
        objectLockEnabled: true,
        objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(days)),
      }
