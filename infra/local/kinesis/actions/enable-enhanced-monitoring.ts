import { switchMonitoring } from './shard-level-metrics.ts'

/** Switches shard-level metrics on. That is kept and told, and no more: nothing is measured here. */
export const enableEnhancedMonitoring = switchMonitoring(true)
