import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** Who must not import what (design, section 3). */
const forbidden: [file: string, imports: string][] = [
  ['ingest/a.ts', '../aggregators/ledger.ts'],
  ['ingest/deep/a.ts', '../../infra/local/gateway.ts'],
  ['ingest/a.store.ts', '../dashboard/read-model.ts'],
  ['ingest/a.ts', '@aws-sdk/client-dynamodb'],
  ['aggregators/a.ts', '../dashboard/read-model.ts'],
  ['aggregators/a.lambda.ts', '../load/volley/volley.ts'],
  ['aggregators/audit/a.ts', '../../infra/config.ts'],
  ['aggregators/a.ts', '@aws-sdk/client-dynamodb'],
  ['aggregators/a.lambda.ts', 'aws-cdk-lib/aws-kinesis'],
  ['dashboard/a.ts', '../aggregators/evolve.ts'],
  ['dashboard/a.lambda.ts', '../aggregators/aggregate.lambda.ts'],
  ['dashboard/a.ts', '../infra/config.ts'],
  ['dashboard/a.ts', '@aws-sdk/client-dynamodb'],
  ['dashboard/site/a.ts', '../../aggregators/ledger.ts'],
  ['dashboard/site/deep/a.ts', '../../scoreboard.lambda.ts'],
  ['dashboard/site/a.ts', 'node:fs'],
  ['load/a.ts', '../infra/config.ts'],
  ['load/volley/a.ts', '../../infra/local/gateway.ts'],
  ['load/a.ts', '@aws-sdk/client-kinesis'],
  ['infra/local/a.ts', 'aws-cdk-lib'],
  ['infra/cli/a.ts', 'constructs'],
  ['infra/local/a.ts', '../../test/infra/room.ts'],
  ['a.config.ts', '@aws-sdk/client-kinesis'],
]

const allowed: [file: string, imports: string][] = [
  ['ingest/templates/b.ts', '../vote.ts'],
  ['ingest/b.store.ts', '@aws-sdk/client-dynamodb'],
  ['aggregators/audit/b.ts', '../../ingest/vote.ts'],
  ['aggregators/b.lambda.ts', '@aws-sdk/client-dynamodb'],
  ['aggregators/b.sink.ts', '@aws-sdk/client-firehose'],
  ['dashboard/b.ts', '../aggregators/ledger.ts'],
  ['dashboard/b.ts', '../aggregators/window.ts'],
  ['dashboard/b.ts', '../aggregators/part.ts'],
  ['dashboard/b.ts', '../ingest/poll.ts'],
  ['dashboard/b.lambda.ts', '@aws-sdk/client-dynamodb'],
  ['dashboard/site/b.ts', '../read-model.ts'],
  ['dashboard/site/deep/b.ts', '../../../ingest/vote.ts'],
  ['dashboard/site/vite.config.ts', 'node:path'],
  ['load/volley/b.ts', '../../dashboard/read-model.ts'],
  ['load/b.ts', '../aggregators/evolve.ts'],
  ['infra/local/b.ts', '../../load/volley/volley.ts'],
  ['infra/local/b.ts', '@aws-sdk/client-kinesis'],
  ['infra/aws/b.ts', 'aws-cdk-lib/aws-kinesis'],
  ['infra/aws/b.ts', 'constructs'],
  ['test/infra/b.ts', 'aws-cdk-lib'],
  ['test/b.ts', '../infra/config.ts'],
]

/** Every way to import counts. */
const ways = (from: string): string =>
  [
    `import { one } from '${from}'`,
    `import type { Two } from '${from}'`,
    `export { three } from '${from}'`,
    `export const four = async (two: Two) => [one, two, await import('${from}')]`,
  ].join('\n')

/** Each pair has a folder tree of its own, since several are about the same file. */
let folder: string
let found: Map<string, string[]>

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'placar-rules-'))
  cpSync(join(root, 'biome.json'), join(folder, 'biome.json'))
  for (const [file, imports] of [...forbidden, ...allowed]) {
    const path = join(folder, unique(file, imports))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, ways(imports))
  }
  found = lint()
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each(forbidden)('%s must not import %s', (file, imports) => {
  expect(found.get(unique(file, imports))).toHaveLength(4)
})

test.each(allowed)('%s may import %s', (file, imports) => {
  expect(found.get(unique(file, imports))).toBeUndefined()
})

/** `load/a.ts`, `../infra/x.ts` → `load/a-infra-x-ts.ts`: the folder and the suffix are what the rules look at. */
const unique = (file: string, imports: string): string => {
  if (file.endsWith('.config.ts')) return file
  return file.replace(/\/([ab])\./, `/$1-${imports.replaceAll(/\W+/g, '-')}.`)
}

/** File → its restricted imports. */
const lint = (): Map<string, string[]> => {
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')
  const options = ['lint', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=json', '.']
  const { stdout, stderr } = spawnSync(process.execPath, [biome, ...options], {
    cwd: folder,
    encoding: 'utf8',
  })
  const report:
    | { diagnostics: { category: string; message: string; location: { path: string } }[] }
    | undefined = stdout.startsWith('{') ? JSON.parse(stdout) : undefined
  if (report === undefined) throw new Error(`biome gave no report: ${stderr}`)
  const restricted = report.diagnostics.filter(
    ({ category }) => category === 'lint/style/noRestrictedImports',
  )
  const files = new Map<string, string[]>()
  for (const { location, message } of restricted)
    files.set(location.path, [...(files.get(location.path) ?? []), message])
  return files
}
