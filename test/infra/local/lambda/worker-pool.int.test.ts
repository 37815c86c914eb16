import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Invocation } from '../../../../infra/local/lambda/invocation.ts'
import { workerPool } from '../../../../infra/local/lambda/worker-pool.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { until } from '../until.ts'

/** A pool of one worker around handlers given as the body of `async (event) => …`. */
const openPool = async (bodies: Record<string, string>, maxWaiting = 10) => {
  const folder = await temporaryFolder()
  const handlers: Record<string, string> = {}
  for (const [name, body] of Object.entries(bodies)) {
    const path = join(folder, `${name}.mjs`)
    await writeFile(
      path,
      `import { appendFileSync, existsSync } from 'node:fs'\nexport const handler = async (event) => { ${body} }\n`,
    )
    handlers[name] = pathToFileURL(path).href
  }
  let printed = ''
  const log = (text: string): void => {
    printed += text
  }
  const pool = workerPool({ size: 1, maxWaiting, handlers, environment: { GREETING: 'hello' }, log })
  onTestFinished(() => pool.close())
  const invoke = (functionName: string, event: unknown = {}, timeoutMs = 20_000) => {
    const payload = { kind: 'json', json: JSON.stringify(event) } as const
    return pool.invoke({ functionName, timeoutMs, payload } satisfies Invocation)
  }
  return { folder, pool, invoke, printed: () => printed }
}

const echo = 'return event'
/** Says that it runs by making a file, and answers once there is another. */
const waits = `
  appendFileSync(event.folder + '/started', '')
  while (!existsSync(event.folder + '/released')) await new Promise((resume) => setTimeout(resume, 5))
  return 'released'`
const started = (folder: string): Promise<unknown> =>
  until(() =>
    readFile(join(folder, 'started')).then(
      () => true,
      () => false,
    ),
  )
const release = (folder: string): Promise<void> => writeFile(join(folder, 'released'), '')

describe('a worker pool', () => {
  it('answers with what the handler answers, in an environment of its own', async () => {
    const { invoke, printed } = await openPool({
      echo: "console.log('seen'); return { event, ...process.env }",
    })
    const result = await invoke('echo', { a: 1 })
    expect(result).toEqual({ ok: true, json: '{"event":{"a":1},"GREETING":"hello"}' })
    await until(() => printed().includes('seen'))
  })

  it('a handler that throws is a result that is not ok, and the worker goes on', async () => {
    const { invoke } = await openPool({ echo, throws: "throw new Error('no table')" })
    expect(await invoke('throws')).toEqual({ ok: false, error: expect.stringContaining('no table') })
    expect(await invoke('echo')).toMatchObject({ ok: true })
  })

  it.each(['await new Promise(() => {})', 'for (;;);'])(
    'an invocation that takes too long is settled, and its worker replaced: %s',
    async (body) => {
      const { invoke } = await openPool({ echo, hangs: body })
      const [hung, next] = await Promise.all([invoke('hangs', {}, 50), invoke('echo', 7)])
      expect(hung).toEqual({ ok: false, error: 'function hangs timed out after 50 ms' })
      expect(next).toEqual({ ok: true, json: '7' })
    },
  )

  it('a handler that takes its worker down is a result that is not ok, and the next one is served', async () => {
    const { invoke } = await openPool({ echo, dies: 'process.exit(3)' })
    expect(await invoke('echo')).toMatchObject({ ok: true })
    expect(await invoke('dies')).toEqual({ ok: false, error: expect.stringContaining('ended before') })
    expect(await invoke('echo')).toMatchObject({ ok: true })
  })

  it('workers that die without an answer again and again are still replaced', async () => {
    const { invoke } = await openPool({ echo, dies: 'process.exit(3)' })
    for (let life = 0; life < 3; life += 1) expect(await invoke('dies')).toMatchObject({ ok: false })
    expect(await invoke('echo')).toMatchObject({ ok: true })
  })

  it('refuses one invocation more than may wait', async () => {
    const { folder, invoke } = await openPool({ waits, echo }, 1)
    const running = invoke('waits', { folder })
    await started(folder)
    const waiting = invoke('echo')
    expect(await invoke('echo')).toEqual({ ok: false, error: '1 invocations wait already', refused: true })
    await release(folder)
    expect(await running).toEqual({ ok: true, json: '"released"' })
    expect(await waiting).toMatchObject({ ok: true })
  })

  it('that closes settles what waits, lets what runs end, and takes no more', async () => {
    const { folder, pool, invoke } = await openPool({ waits, echo })
    const running = invoke('waits', { folder })
    await started(folder)
    const waiting = invoke('echo')
    const closed = pool.close()
    const stopping = { ok: false, error: 'the runtime is stopping', refused: true }
    expect(await waiting).toEqual(stopping)
    expect(await invoke('echo')).toEqual(stopping)
    await release(folder)
    expect(await running).toMatchObject({ ok: true })
    await closed
  })
})
