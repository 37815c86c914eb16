import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { runDesign } from '../../../../infra/cli/bench/designs-pipeline.ts'
import { type Design, difference } from '../../../../load/bench/designs.ts'

it('batches that are delivered again are counted again by everyone but Placar', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'placar-designs-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const settings = { shards: 2, records: 400, batchSize: 25, faults: 0.5, seed: 1 }
  const run = (design: Design) =>
    runDesign(design, settings, join(folder, design), new AbortController().signal, () => {})

  const [perVote, perBatch, placar] = await Promise.all([
    run('write per vote'),
    run('ADD per batch'),
    run('Placar'),
  ])
  expect(difference(placar)).toBe(0)
  expect(placar.faults).toBeGreaterThan(0)
  // Every write of a vote is one too many or was asked for: the table counts them, whatever they were for.
  expect(perVote.writes).toBe(400 + difference(perVote))
  expect(difference(perVote)).toBeGreaterThan(0)
  expect(difference(perBatch)).toBeGreaterThan(0)
}, 60_000)
