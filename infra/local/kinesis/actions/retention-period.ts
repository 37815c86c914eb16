import { type Refusal, refusal } from '../../aws/service.ts'
import { streamArn, streamName } from '../validation/fields.ts'

/** The input of IncreaseStreamRetentionPeriod and DecreaseStreamRetentionPeriod. */
export const retentionInput = {
  RetentionPeriodHours: { type: 'integer', required: true },
  StreamName: streamName,
  StreamARN: streamArn,
} as const

const minHours = 24
const maxHours = 8760

/** The refusal of a period that no stream can have (API reference). The words are kinesalite's. */
export const refuseRetention = (hours: number): Refusal | undefined => {
  const requested = `Requested retention period (${hours} hours)`
  if (hours < minHours)
    return refusal(
      'InvalidArgumentException',
      `Minimum allowed retention period is ${minHours} hours. ${requested} is too short.`,
    )
  if (hours > maxHours)
    return refusal(
      'InvalidArgumentException',
      `Maximum allowed retention period is ${maxHours} hours. ${requested} is too long.`,
    )
  return undefined
}

/** The refusal of a period for which the other of the two actions is there. The words are kinesalite's. */
export const wrongDirection = (
  stream: { name: string; retentionHours: number },
  hours: number,
  not: 'shorter' | 'longer',
): Refusal =>
  refusal(
    'InvalidArgumentException',
    `Requested retention period (${hours} hours) for stream ${stream.name} can not be ${not} than existing ` +
      `retention period (${stream.retentionHours} hours). ` +
      `Use ${not === 'shorter' ? 'Decrease' : 'Increase'}RetentionPeriod API.`,
  )
