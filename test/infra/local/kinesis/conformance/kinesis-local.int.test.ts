import { kinesisLocal } from './endpoints/kinesis-local.ts'
import { holdToRules } from './hold-to-rules.ts'

holdToRules(kinesisLocal)
