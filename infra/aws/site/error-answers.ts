import type { ErrorResponse } from 'aws-cdk-lib/aws-cloudfront'
import { errorTable, refusal } from '../../../ingest/errors.ts'
import { readsTtl } from './reads.ts'

/** The file of the bucket that CloudFront sends instead of words that are not our JSON. */
export const unavailable = {
  key: 'errors/unavailable.json',
  body: refusal('unavailable', 'No answer came in time; a vote may not have been stored. Try again.'),
}

/** Every status whose caching CloudFront lets us choose; by itself it would keep such an answer for ten seconds. */
const statuses = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504]

/** A function URL answers 502 where its function failed, CloudFront itself 502 or 504 where no origin answered. */
const noAnswer = new Set([502, 504])

/** How long errors are kept, and which are put into our words. */
export const errorAnswers = (): ErrorResponse[] =>
  statuses.map((httpStatus) => ({
    httpStatus,
    ttl: readsTtl,
    ...(noAnswer.has(httpStatus)
      ? { responseHttpStatus: errorTable.unavailable.status, responsePagePath: `/${unavailable.key}` }
      : {}),
  }))
