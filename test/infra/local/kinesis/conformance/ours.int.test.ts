import { ours } from './endpoints/ours.ts'
import { holdToRules } from './hold-to-rules.ts'

holdToRules(ours)
