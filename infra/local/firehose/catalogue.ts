import { readFile } from 'node:fs/promises'
import { replaceFile } from '../durable-file.ts'
import type { DeliveryStreamRecord } from './delivery-stream.ts'

/** The delivery streams of a folder. `boot` counts the starts; record ids are made of it. */
export type Catalogue = { boot: number; deliveryStreams: DeliveryStreamRecord[] }

/** Throws when the file is there and cannot be read. */
export const readCatalogue = async (path: string): Promise<Catalogue> => {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { boot: 0, deliveryStreams: [] }
    throw new Error(`${path} cannot be read`, { cause: error })
  }
}

export const writeCatalogue = (path: string, catalogue: Catalogue): Promise<void> =>
  replaceFile(path, JSON.stringify(catalogue, null, 2))
