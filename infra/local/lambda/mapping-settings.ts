/**
 * The settings of an event source mapping on a Kinesis stream, with AWS's names, defaults and ranges (Lambda developer
 * guide, services-kinesis-parameters; API reference, CreateEventSourceMapping).
 */
export type MappingSettings = {
  /** Records in one invocation, at most. */
  BatchSize: number
  /** How long records are gathered until a batch is full. */
  MaximumBatchingWindowInSeconds: number
  /** Length of the tumbling windows; with 0 there are none, and the function is called without window and state. */
  TumblingWindowInSeconds: number
  /** How often a batch is tried again before it is discarded; -1: without limit. */
  MaximumRetryAttempts: number
  /** Records older than this are discarded; -1: none are. */
  MaximumRecordAgeInSeconds: number
  /** Whether a batch that fails is cut in two before it is tried again. */
  BisectBatchOnFunctionError: boolean
  FunctionResponseTypes: readonly 'ReportBatchItemFailures'[]
  /**
   * Only 1: a shard has one invocation at a time. AWS takes up to 10 where there are no windows, and refuses more than
   * 1 where there are (seen by others on AWS, not documented).
   */
  ParallelizationFactor: number
}

const defaults: MappingSettings = {
  BatchSize: 100,
  MaximumBatchingWindowInSeconds: 0,
  TumblingWindowInSeconds: 0,
  MaximumRetryAttempts: -1,
  MaximumRecordAgeInSeconds: -1,
  BisectBatchOnFunctionError: false,
  FunctionResponseTypes: [],
  ParallelizationFactor: 1,
}

/** Whole numbers, both ends included. AWS takes record ages from 0 to 59 s too, and advises against them. */
const ranges = {
  BatchSize: [1, 10_000],
  MaximumBatchingWindowInSeconds: [0, 300],
  TumblingWindowInSeconds: [0, 900],
  MaximumRetryAttempts: [-1, 10_000],
  MaximumRecordAgeInSeconds: [-1, 604_800],
  ParallelizationFactor: [1, 1],
} as const satisfies Partial<Record<keyof MappingSettings, readonly [number, number]>>

/** The settings given, and AWS's defaults for the rest. Throws for one that is out of its range. */
export const mappingSettings = (given: Partial<MappingSettings> = {}): MappingSettings => {
  const settings = { ...defaults, ...given }
  for (const name of Object.keys(ranges) as (keyof typeof ranges)[]) {
    const [min, max] = ranges[name]
    const value = settings[name]
    if (!Number.isInteger(value) || value < min || value > max)
      throw new Error(`${name} is ${value}; it must be ${min === max ? min : `from ${min} to ${max}`}`)
  }
  return settings
}
