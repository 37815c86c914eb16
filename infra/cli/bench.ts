import { countingBenchmark } from './bench/counting.ts'
import { designsBenchmark } from './bench/designs.ts'
import { freshnessBenchmark } from './bench/freshness.ts'
import { ingestBenchmark } from './bench/ingest.ts'
import { kinesisBenchmark } from './bench/kinesis.ts'
import { scaleBenchmark } from './bench/scale.ts'
import { watchersBenchmark } from './bench/watchers.ts'
import { runCommand } from './command.ts'
import { runMenu } from './load/menu.ts'

const about = `Measures Placar, beside a peer in the same run where there is one (freshness and scale have none).
Each writes its result into docs/benchmarks.md.`

const benchmarks = {
  ingest: ingestBenchmark,
  counting: countingBenchmark,
  designs: designsBenchmark,
  freshness: freshnessBenchmark,
  watchers: watchersBenchmark,
  scale: scaleBenchmark,
  kinesis: kinesisBenchmark,
}

await runCommand((args) => runMenu('bench', about, benchmarks, args))
