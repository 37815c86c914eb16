import { otherDecode, otherEncode } from '../aws/other-cbor.ts'

export type CborAnswer = { status: number; contentType: string | null; bytes: Buffer; body: CborBody }

/** The fields that tests look at. */
type CborBody = {
  __type?: string
  message?: string
  Message?: string
  ShardIterator?: string
  NextShardIterator?: string | null
  SequenceNumber?: string
  FailedRecordCount?: number
  Records?: {
    Data?: Buffer
    PartitionKey?: string
    ErrorCode?: string
    ApproximateArrivalTimestamp?: object
  }[]
}

export const cborType = 'application/x-amz-cbor-1.1'

/** A request as AWS's SDKs for Java make it, over HTTP/1.1, with a body that is CBOR already. */
export const postCbor = async (
  url: string,
  target: string,
  bytes: Uint8Array<ArrayBuffer>,
  contentType = cborType,
): Promise<CborAnswer> => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': contentType, 'x-amz-target': target },
    body: bytes,
  })
  const answered = Buffer.from(await answer.arrayBuffer())
  return {
    status: answer.status,
    contentType: answer.headers.get('content-type'),
    bytes: answered,
    body: (answered.length === 0 ? {} : otherDecode(answered)) as CborBody,
  }
}

/** One of Kinesis's actions in CBOR, written and read by another library than the endpoint's. */
export const callCbor = (url: string, action: string, input: object): Promise<CborAnswer> =>
  postCbor(url, `Kinesis_20131202.${action}`, Uint8Array.from(otherEncode(input)))
