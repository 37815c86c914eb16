import { switchMonitoring } from './shard-level-metrics.ts'

/** Switches shard-level metrics on. That is kept and told, and no more: CloudWatch has them all the same. */
export const enableEnhancedMonitoring = switchMonitoring(true)
