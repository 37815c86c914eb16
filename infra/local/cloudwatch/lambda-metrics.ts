import type { MetricSource } from './metric.ts'

/** `AWS/Lambda IteratorAge` of a function that reads a stream; on AWS a minute or two old, here that of the moment. */
export const lambdaMetrics =
  (functionName: string, iteratorAgeMs: () => Promise<number>): MetricSource =>
  ({ namespace, name, dimensions: { FunctionName, ...others } }) =>
    namespace === 'AWS/Lambda' &&
    name === 'IteratorAge' &&
    FunctionName === functionName &&
    Object.keys(others).length === 0
      ? { kind: 'momentary', value: iteratorAgeMs }
      : undefined
