import type { Rule } from './rule.ts'
import { iteratorRules } from './rules/iterators.ts'
import { listShardsRules } from './rules/list-shards.ts'
import { mergeRules } from './rules/merge.ts'
import { protocolRules } from './rules/protocol.ts'
import { putRules } from './rules/put.ts'
import { putRecordsRules } from './rules/put-records.ts'
import { readRules } from './rules/read.ts'
import { scalingRules } from './rules/scaling.ts'
import { settingsRules } from './rules/settings.ts'
import { shardEndRules } from './rules/shard-end.ts'
import { splitRules } from './rules/split.ts'
import { streamListRules } from './rules/stream-list.ts'
import { streamRules } from './rules/streams.ts'
import { tagRules } from './rules/tags.ts'

export const rules: readonly Rule[] = [
  ...streamRules,
  ...streamListRules,
  ...listShardsRules,
  ...putRules,
  ...putRecordsRules,
  ...iteratorRules,
  ...readRules,
  ...splitRules,
  ...mergeRules,
  ...shardEndRules,
  ...scalingRules,
  ...settingsRules,
  ...tagRules,
  ...protocolRules,
]
