import { kinesalite } from './endpoints/kinesalite.ts'
import { holdToRules } from './hold-to-rules.ts'

holdToRules(kinesalite)
