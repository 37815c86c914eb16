import type { Point } from './point.ts'

/** Service limits (quotas of Timestream for LiveAnalytics). */
const maxDimensions = 128
const maxMeasures = 256
const maxRecordBytes = 2048

/** Why a point is over a limit of AWS's; `undefined` when it is within. The words are ours. */
export const overLimit = ({ dimensions, measureName, measures }: Point): string | undefined => {
  if (dimensions.length > maxDimensions)
    return `The record has ${dimensions.length} dimensions; at most ${maxDimensions} are allowed.`
  if (measures.length > maxMeasures)
    return `The record has ${measures.length} measures; at most ${maxMeasures} are allowed.`
  const measureNames = new Set([measureName, ...measures.map(({ name }) => name)])
  const texts = [...dimensions.flat(), ...measureNames, ...measures.map(({ value }) => value)]
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  if (bytes > maxRecordBytes)
    return `The record is ${bytes} bytes long; at most ${maxRecordBytes} are allowed.`
  return undefined
}
