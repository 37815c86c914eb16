import { ingestBenchmark } from './bench/ingest.ts'
import { kinesisBenchmark } from './bench/kinesis.ts'
import { runCommand } from './command.ts'
import { runMenu } from './load/menu.ts'

const about = 'Measures Placar beside a peer, in the same run and on the same machine.'

await runCommand((args) =>
  runMenu('bench', about, { ingest: ingestBenchmark, kinesis: kinesisBenchmark }, args),
)
