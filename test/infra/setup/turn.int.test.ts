import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

type Turn = { note: (npmPid: number) => void; end: () => void }
type Times = { beatMs?: number; pollMs?: number; deadAfterMs?: number; giveUpAfterMs?: number }
type TakeTurn = (file: string, waiting: () => void, times: Times) => Promise<Turn>

// Set-up is plain JavaScript, so its type is said here.
const { takeTurn }: { takeTurn: TakeTurn } = await import(
  new URL('../../../infra/setup/turn.js', import.meta.url).href
)

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'placar-turn-'))
  file = join(folder, 'turn.lock')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const quick: Times = { beatMs: 10, pollMs: 5, deadAfterMs: 1_000, giveUpAfterMs: 20_000 }
const ignore = () => {}

test('those who come together take one turn after the other, and say once that they wait', async () => {
  let inside = 0
  let most = 0
  let waited = 0
  const work = async () => {
    const turn = await takeTurn(file, () => (waited += 1), quick)
    inside += 1
    most = Math.max(most, inside)
    await new Promise(setImmediate)
    inside -= 1
    turn.end()
  }
  await Promise.all([work(), work(), work()])
  expect([most, waited]).toEqual([1, 2])
  expect(existsSync(file)).toBe(false)
})

test('a turn whose holder is dead is taken over, by one only', async () => {
  writeFileSync(file, 'somebody')
  let inside = 0
  let most = 0
  const work = async () => {
    const turn = await takeTurn(file, ignore, { ...quick, deadAfterMs: 50 })
    inside += 1
    most = Math.max(most, inside)
    await new Promise(setImmediate)
    inside -= 1
    turn.end()
  }
  await Promise.all([work(), work(), work(), work()])
  expect(most).toBe(1)
})

test('a turn that is touched is left to its holder, however long it takes', async () => {
  const turn = await takeTurn(file, ignore, quick)
  await expect(takeTurn(file, ignore, { ...quick, giveUpAfterMs: 1_500 })).rejects.toThrow(file)
  turn.end()
})

test('the turn of a dead set-up is not free while its npm still runs', async () => {
  writeFileSync(file, `somebody ${process.pid}`)
  await expect(takeTurn(file, ignore, { ...quick, deadAfterMs: 50, giveUpAfterMs: 500 })).rejects.toThrow(
    'another set-up has not finished; if none is running, delete',
  )
})

test('a holder that was taken for dead does not end the turn of its successor', async () => {
  const first = await takeTurn(file, ignore, quick)
  writeFileSync(file, 'successor')
  first.end()
  expect(existsSync(file)).toBe(true)
})
