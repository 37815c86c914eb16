import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Scoreboard } from '../../dashboard/read-model.ts'
import { temporaryFolder } from '../infra/local/temporary-folder.ts'
import { until } from '../infra/local/until.ts'
import { ended, freePort, read, run, startPlacar } from './placar.ts'

/** Runs a start that must fail; gives its exit code and the lines that it printed. */
const failure = async (args: readonly string[]): Promise<{ code: number | null; lines: string[] }> => {
  const { child, output } = await run(args)
  const code = await ended(child)
  return { code, lines: output().trim().split('\n') }
}

const flagsOf = async (folder: string): Promise<string[]> => [
  '--port',
  `${await freePort()}`,
  '--aws-port',
  `${await freePort()}`,
  '--data-dir',
  folder,
]

describe('a start that cannot be', () => {
  it.each([
    [['--shards', 'many'], '--shards must be a whole number from 1 to 512, not "many".'],
    [['--port', '70000'], '--port must be a whole number from 1 to 65535'],
    [['--window-seconds', '901'], '--window-seconds must be a whole number from 1 to 900'],
    [['--speed', '9'], "Unknown option '--speed'"],
    [['18085'], '18085 is not expected here; flags go behind --, as in npm start -- --port 8081.'],
    [
      ['--traffic', '-5'],
      '--traffic needs a value; one that begins with - is said as in --traffic=-5. See --help.',
    ],
    [['--port', '4566'], '--port and --aws-port must differ'],
  ])('%j says in one line what was expected', async (args, message) => {
    const { code, lines } = await failure(args)
    expect(code).toBe(1)
    expect(lines).toEqual([expect.stringContaining(message)])
  })

  it('on a port of another program says so, and which flag helps', async () => {
    const port = await freePort()
    const other = createServer()
    await new Promise<void>((resume) => other.listen(port, '127.0.0.1', resume))
    onTestFinished(() => void other.close())
    const args = [
      '--port',
      `${port}`,
      '--aws-port',
      `${await freePort()}`,
      '--data-dir',
      await temporaryFolder(),
    ]
    const { code, lines } = await failure(args)
    expect(code).toBe(1)
    expect(lines).toEqual([expect.stringMatching(`Port ${port} .* another program.*--port`)])
  })

  it('beside a Placar on the same port or in the same folder names that one', async () => {
    const placar = await startPlacar()
    const port = new URL(placar.url).port
    const samePort = [
      '--port',
      port,
      '--aws-port',
      `${await freePort()}`,
      '--data-dir',
      await temporaryFolder(),
    ]
    const onPort = await failure(samePort)
    expect(onPort.code).toBe(1)
    expect(onPort.lines).toEqual([expect.stringContaining(`Placar is already running at ${placar.url}`)])
    const inFolder = await failure(await flagsOf(placar.folder))
    expect(inFolder.code).toBe(1)
    expect(inFolder.lines).toEqual([
      expect.stringMatching(`in use by the Placar at ${placar.url}.*--data-dir`),
    ])
    expect((await fetch(`${placar.url}/health`)).status).toBe(200)
  })

  it.each([
    ['newer', 99],
    ['older', 1],
  ])('in a folder of a %s format says so and leaves it as it is', async (which, format) => {
    const folder = await temporaryFolder()
    const lock = new DatabaseSync(join(folder, 'lock'))
    lock.exec(`PRAGMA user_version = ${format}`)
    lock.close()
    const { code, lines } = await failure(await flagsOf(folder))
    expect(code).toBe(1)
    expect(lines).toEqual([expect.stringMatching(`format ${format}.*${which} Placar.*--data-dir`)])
  })

  it('in a folder that cannot be written says so', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'placar-test-')), 'file')
    await writeFile(file, '')
    const { code, lines } = await failure(await flagsOf(join(file, 'data')))
    expect(code).toBe(1)
    expect(lines).toEqual([expect.stringMatching(/cannot be written.*--data-dir/)])
  })
})

describe('a Placar', () => {
  it('says where it is, makes the poll demo, and is healthy', async () => {
    const placar = await startPlacar()
    expect(placar.output()).toContain(placar.url)
    expect(placar.output()).toContain(placar.folder)
    expect(await read(placar, '/health')).toEqual({ status: 'ok' })
    expect(await read(placar, '/polls')).toMatchObject({ polls: [{ id: 'demo', status: 'open' }] })
    const page = await fetch(placar.url)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await page.text()).toContain('<!doctype html>')
  })

  it('with --traffic moves by itself', async () => {
    const placar = await startPlacar({ flags: ['--traffic', '100'] })
    await until(async () => (await read<Scoreboard>(placar, '/polls/demo/scoreboard')).counted > 50)
    expect(await placar.stop()).toBe(0)
  })

  it('told to stop answers the vote that is under way, and keeps it', async () => {
    const placar = await startPlacar()
    const { port } = new URL(placar.url)
    const socket = connect(Number(port), '127.0.0.1')
    const body = '{"option":"ana"}'
    socket.write(
      `POST /polls/demo/votes HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
    )
    // Answered once the gateway has the connection, so the stop finds it under way.
    await fetch(`${placar.url}/health`)
    const stopped = placar.stop()
    await until(() => placar.output().includes('Stopping'))
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.write(body.slice(5))
    await until(() => answer.includes('\r\n\r\n'))
    expect(answer).toMatch(/^HTTP\/1\.1 202 /)
    expect(await stopped).toBe(0)
    const again = await startPlacar({ folder: placar.folder })
    await until(async () => (await read<Scoreboard>(again, '/polls/demo/scoreboard')).counted === 1)
  })

  it('takes a Ctrl-C that npm hands on for the same one', async () => {
    const placar = await startPlacar()
    placar.process.kill('SIGINT')
    placar.process.kill('SIGINT')
    expect(await ended(placar.process)).toBe(0)
    expect(placar.output()).toContain('Stopped')
  })

  it('whose terminal is closed stops in order, though nobody reads what it says', async () => {
    const placar = await startPlacar()
    placar.process.stdout?.destroy()
    placar.process.stderr?.destroy()
    placar.process.kill('SIGHUP')
    expect(await ended(placar.process)).toBe(0)
  })

  it('told to stop while it starts closes what is open', async () => {
    const folder = await temporaryFolder()
    const { child, output } = await run(await flagsOf(folder))
    // The lock is taken right after the signals are watched.
    await until(() => readFile(join(folder, 'lock')).catch(() => undefined))
    child.kill('SIGTERM')
    expect(await ended(child)).toBe(0)
    expect(output()).toContain('Stopped')
    expect(output()).not.toContain('Placar is running')
    expect((await startPlacar({ folder })).output()).toContain('Placar is running')
  })

  it('stops when the npm that started it is gone', async () => {
    const folder = await temporaryFolder()
    const flags = await flagsOf(folder)
    const npm = startByNpm(flags)
    const url = `http://127.0.0.1:${flags[1]}/health`
    const healthy = (): Promise<boolean> =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    await until(healthy)
    const { pid } = JSON.parse(await until(() => readFile(join(folder, 'run.json'), 'utf8').catch(() => '')))
    process.kill(npm.pid ?? 0, 'SIGKILL')
    await until(async () => !(await healthy()))
    await until(() => !isAlive(pid))
  })

  it('told to stop by npm keeps nothing running', async () => {
    const folder = await temporaryFolder()
    const flags = await flagsOf(folder)
    const npm = startByNpm(flags)
    const url = `http://127.0.0.1:${flags[1]}/health`
    await until(() =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
    const { pid } = JSON.parse(await until(() => readFile(join(folder, 'run.json'), 'utf8').catch(() => '')))
    process.kill(-(npm.pid ?? 0), 'SIGINT')
    await until(() =>
      fetch(url).then(
        () => false,
        () => true,
      ),
    )
    await ended(npm)
    await until(() => !isAlive(pid))
  })
})

const projectFolder = join(import.meta.dirname, '../..')

const startByNpm = (flags: readonly string[]): ChildProcess =>
  spawn('npm', ['start', '--', ...flags], { detached: true, stdio: 'ignore', cwd: projectFolder })

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
