import type { Runtime } from '../../local/runtime.ts'
import type { Settings } from './settings.ts'

type Running = Pick<Runtime, 'url' | 'awsEndpoint' | 'shards' | 'windowSeconds'> & { demoOpen: boolean }

/** What is printed once Placar runs: where everything is, what was not done as asked, how to stop, how to start afresh. */
export const welcome = (running: Running, settings: Settings): string => {
  const { url, awsEndpoint, shards, demoOpen } = running
  const { traffic } = settings
  const notes = notDone(running, settings).map((note) => `\n  ${note}\n`)
  return `Placar is running, with ${shards} ${shards === 1 ? 'shard' : 'shards'}${settings.shardLimits ? '' : ' and no shard limits'}.

  Dashboard     ${url}
  Vote          curl --json '{"option":"ana"}' ${url}/polls/demo/votes
  AWS endpoint  ${awsEndpoint}
  Data folder   ${settings.dataFolder}
${traffic > 0 && demoOpen ? `  Traffic       ${traffic} synthetic votes a second to the poll demo\n` : ''}${notes.join('')}
  Stop with Ctrl-C. To start afresh, stop it and delete the data folder.`
}

const notDone = ({ shards, windowSeconds, demoOpen }: Running, asked: Settings): string[] => [
  ...(asked.shardsSaid && asked.shards !== shards
    ? [`The stream in this folder has ${shards} shards; --shards ${asked.shards} shapes a new folder only.`]
    : []),
  ...(asked.windowSecondsSaid && asked.windowSeconds !== windowSeconds
    ? [
        `The windows in this folder are ${windowSeconds} s long; --window-seconds ${asked.windowSeconds} shapes a new folder only.`,
      ]
    : []),
  ...(asked.traffic > 0 && !demoOpen
    ? [
        `The poll demo is closed, so --traffic ${asked.traffic} sends nothing: each of its votes would be rejected.`,
      ]
    : []),
]
