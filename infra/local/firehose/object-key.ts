import type { ObjectPlace } from './delivery-job.ts'

/**
 * The key of an object as Firehose names it (Firehose developer guide, s3-object-name): the prefix, the hour in UTC,
 * then the delivery stream, its version, the second and an id.
 *
 * @param at epoch ms
 */
export const objectKey = (place: ObjectPlace, at: number, id: string): string => {
  const { prefix, deliveryStreamName, compression } = place
  const [date = '', time = ''] = new Date(at).toISOString().slice(0, 19).split('T')
  const hour = `${date.replaceAll('-', '/')}/${time.slice(0, 2)}/`
  // The version counts changes of the configuration; here there are none.
  const name = `${deliveryStreamName}-1-${date}-${time.replaceAll(':', '-')}-${id}`
  return `${prefix}${hour}${name}${compression === 'GZIP' ? '.gz' : ''}`
}
