import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ended, type Placar } from './placar.ts'

/** What a command printed, and its exit code. */
export type CommandResult = { code: number | null; output: string }

const cli = join(import.meta.dirname, '../../infra/cli')

/** Runs one of Placar's commands on an instance, as its npm script does, and waits for its end. */
export const command = async (
  name: 'polls' | 'audit',
  args: readonly string[],
  placar: Pick<Placar, 'folder'>,
): Promise<CommandResult> => {
  const child = spawn(process.execPath, [join(cli, `${name}.ts`), ...args, '--data-dir', placar.folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  return { code: await ended(child), output }
}
