import { open, writeFile } from 'node:fs/promises'
import { hgrm } from '../../../load/volley/latency.ts'
import { UsageError } from '../command.ts'

/** Throws `UsageError` for a file that cannot be written: better before a run than behind it. Makes it, empty, if it is new. */
export const expectWritable = async (file: string): Promise<void> => {
  const handle = await open(file, 'a').catch(refuse)
  await handle.close()
}

/** @param histogram packed, in microseconds */
export const writeHgrm = async (file: string, histogram: string): Promise<void> => {
  await writeFile(file, hgrm(histogram)).catch(refuse)
}

const refuse = (cause: Error): never => {
  throw new UsageError(`--hgrm cannot be written (${cause.message}).`)
}
