import { startVolley } from '../../../load/volley/volley.ts'

/** Longer than anyone leaves it running. */
const seconds = 30 * 24 * 3600

/**
 * Sends synthetic votes to the poll `demo`, `rate` a second, from a thread of its own, until it is stopped.
 *
 * @returns stops it, once what was sent is answered
 */
export const startTraffic = (host: string, port: number, rate: number): (() => Promise<void>) => {
  const volley = startVolley({
    address: { host, port, basePath: '' },
    mix: {
      poll: 'demo',
      options: [
        { option: 'ana', weight: 50 },
        { option: 'bia', weight: 30 },
        { option: 'caio', weight: 15 },
        { option: 'davi', weight: 5 },
      ],
      unknownOptionShare: 0,
      unknownPollShare: 0,
      batch: 1,
    },
    rate,
    seconds,
    connections: Math.min(64, Math.max(1, Math.ceil(rate / 100))),
    pipeline: 1,
    threads: 1,
    seed: Date.now() % 2 ** 31,
    drainMs: 1000,
  })
  volley.result.catch((error: unknown) => console.error(`The synthetic traffic has stopped: ${error}`))
  return async () => {
    volley.stop()
    await volley.result.catch(() => {}) // told above
  }
}
