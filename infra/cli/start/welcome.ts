import type { Runtime } from '../../local/runtime.ts'
import type { Settings } from './settings.ts'

/** What is printed once Placar runs: where everything is, how to stop, how to start afresh. */
export const welcome = (
  { url, awsEndpoint, shards }: Pick<Runtime, 'url' | 'awsEndpoint' | 'shards'>,
  settings: Pick<Settings, 'dataFolder' | 'shards' | 'shardsSaid' | 'shardLimits'>,
): string => {
  const differs = settings.shardsSaid && settings.shards !== shards
  return `Placar is running, with ${shards} shards${settings.shardLimits ? '' : ' and no shard limits'}.

  Dashboard     ${url}
  Vote          curl --json '{"option":"ana"}' ${url}/polls/demo/votes
  AWS endpoint  ${awsEndpoint}
  Data folder   ${settings.dataFolder}
${differs ? `\n  The stream in this folder has ${shards} shards; --shards ${settings.shards} shapes a new folder only.\n` : ''}
  Stop with Ctrl-C. To start afresh, stop it and delete the data folder.`
}
