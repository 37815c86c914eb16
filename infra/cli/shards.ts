import { runCommand } from './command.ts'
import { runMenu } from './load/menu.ts'
import { planCommand } from './shards/plan.ts'
import { setCommand } from './shards/set.ts'
import { showCommand } from './shards/show.ts'
import { watchCommand } from './shards/watch.ts'

const about = "Plans, shows, watches and sets the shards of Placar's stream, on a laptop and on AWS (--aws)."

const choices = { plan: planCommand, show: showCommand, watch: watchCommand, set: setCommand }

await runCommand((args) => runMenu('shards', about, choices, args))
