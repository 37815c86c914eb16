import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freePorts } from '../../../../infra/cli/bench/server.ts'
import { withServers } from '../../../../infra/cli/bench/server-group.ts'

const program = join(import.meta.dirname, '..', '..', '..', '..', 'load', 'bench', 'bare-server.ts')

test('an aborted benchmark leaves neither its servers nor its folder behind', async () => {
  const stopping = new AbortController()
  const [port = 0] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  let folder = ''
  const work = withServers(stopping.signal, async (servers) => {
    folder = servers.folder
    await servers.node([program, String(port), '{"accepted":1}'], 'listening')
    const answer = await fetch(url, { method: 'POST', body: '{"option":"ana"}' })
    expect([answer.status, await answer.text()]).toEqual([202, '{"accepted":1}'])
    stopping.abort(new Error('stopped'))
    await new Promise(() => {})
  })
  await expect(work).rejects.toThrow('stopped')
  expect(folder).not.toBe('')
  expect(existsSync(folder)).toBe(false)
  await expect(fetch(url)).rejects.toThrow()
})

test('a program that is not there is named', async () => {
  const work = withServers(new AbortController().signal, ({ program }) =>
    program('no-such-server', [], 'ready'),
  )
  await expect(work).rejects.toThrow(/"no-such-server" did not start/)
})
