import { pipeline } from '../config.ts'
import { type DataFolder, openDataFolder } from '../local/data-folder.ts'
import { expectFreePort } from '../local/port.ts'
import { type Runtime, startRuntime } from '../local/runtime.ts'
import { flagLines, readFlags, runCommand } from './command.ts'
import { watchNpm } from './npm-parent.ts'
import { ensureDemo, isDemoOpen } from './start/demo.ts'
import { openSite } from './start/open-site.ts'
import { flags, readSettings, type Settings } from './start/settings.ts'
import { type Stop, watchStop } from './start/stop.ts'
import { startTraffic } from './start/traffic.ts'
import { welcome } from './start/welcome.ts'

const help = `npm start [-- flags]

Runs the whole pipeline on this machine: gateway, stream, aggregators, count store and dashboard.

${flagLines(flags)}`

/** A start that takes longer says that it is under way. */
const quickStartMs = 1000

const run = async (args: readonly string[]): Promise<void> => {
  const line = readFlags(args, flags, help)
  if (line === undefined) return
  const settings = readSettings(line)
  const stop = watchStop(watchNpm)
  const folder = await openDataFolder(settings.dataFolder)
  try {
    await runIn(folder, settings, stop)
  } finally {
    folder.close()
  }
  console.log('Stopped: every vote that was answered is stored.')
}

/** Runs Placar in its folder until a stop is asked for; everything is closed then, and whenever a part cannot start. */
const runIn = async (folder: DataFolder, settings: Settings, stop: Stop): Promise<void> => {
  await expectFreePort(settings.host, settings.port, '--port')
  await expectFreePort('127.0.0.1', settings.awsPort, '--aws-port')
  const slow = setTimeout(() => console.log('Starting…'), quickStartMs)
  try {
    const { site, built } = openSite()
    const runtime = await startRuntime({ ...settings, folder: folder.path, site })
    try {
      const ready = await stop.leavesTimeFor(prepare(runtime, folder, built))
      clearTimeout(slow)
      if (ready) await serve(runtime, settings, stop)
    } finally {
      await runtime.close()
    }
  } finally {
    clearTimeout(slow)
  }
}

/** Does what is left to do before voters may be told. Rejects when the page does not build, or the poll `demo` is void. */
const prepare = async (runtime: Runtime, folder: DataFolder, built: Promise<void>): Promise<void> => {
  const { url, awsEndpoint, dynamo } = runtime
  await folder.announce({ pid: process.pid, url, awsEndpoint, startedAt: new Date().toISOString() })
  await built
  await ensureDemo(dynamo, pipeline.tableName, folder.path)
}

const serve = async (runtime: Runtime, settings: Settings, stop: Stop): Promise<void> => {
  const { host, port, traffic } = settings
  const demoOpen = await isDemoOpen(runtime.dynamo, pipeline.tableName)
  const stopTraffic = traffic > 0 && demoOpen ? startTraffic(host, port, traffic) : undefined
  console.log(welcome({ ...runtime, demoOpen }, settings))
  await stop.asked
  await stopTraffic?.()
}

await runCommand(run)
// Whatever a library left open must not keep the process.
process.exit()
