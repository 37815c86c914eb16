import { switchMonitoring } from './shard-level-metrics.ts'

/** Switches shard-level metrics off. */
export const disableEnhancedMonitoring = switchMonitoring(false)
