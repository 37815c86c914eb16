import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Service } from '../../../../infra/local/aws/service.ts'

const command = join(import.meta.dirname, '../../../../infra/cli/shards.ts')

export type Said = { stdout: string; stderr: string }

/** Runs npm run shards; `during` hears what it has said so far, and may send it a Ctrl-C. */
export const shards = (
  args: readonly string[],
  during: (said: Said, interrupt: () => void) => void = () => {},
) =>
  new Promise<Said & { code: number | null }>((resolve) => {
    const child = spawn(process.execPath, [command, ...args])
    const said: Said = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        said[name] += text
        during(said, () => child.kill('SIGINT'))
      })
    child.on('close', (code) => resolve({ code, ...said }))
  })

/** The service; whatever it is asked is heard before it answers. */
export const heard = (service: Service, hear: () => void): Service => ({
  ...service,
  handle: (...request) => {
    hear()
    return service.handle(...request)
  },
})
