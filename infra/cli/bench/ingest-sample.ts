import { LoadError } from '../../../load/load-error.ts'

const countedWithinMs = 30_000

/**
 * What Placar answers to a vote; the sample is for no poll, and counted before this resolves.
 *
 * @param placar its address, without a slash at its end
 * @param voted how many votes Placar has counted or rejected
 * @throws LoadError unless it is a 202 and soon counted
 */
export const sampleAnswer = async (
  placar: string,
  option: string,
  voted: () => Promise<number>,
  sleep: (ms: number) => Promise<void>,
): Promise<string> => {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ option })
  const url = `${placar}/polls/a-poll-that-was-never-created/votes`
  const response = await fetch(url, { method: 'POST', headers, body })
  if (response.status !== 202) throw new LoadError(`A vote was answered ${response.status}, expected 202.`)
  const giveUpAt = performance.now() + countedWithinMs
  while ((await voted()) === 0) {
    if (performance.now() > giveUpAt) throw new LoadError('The first vote was not counted within 30 s.')
    await sleep(100)
  }
  return await response.text()
}
