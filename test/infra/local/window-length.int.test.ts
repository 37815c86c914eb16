import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { keptWindowSeconds } from '../../../infra/local/window-length.ts'
import { temporaryFolder } from './temporary-folder.ts'

it('a folder keeps the window length that it was first run with', async () => {
  const folder = await temporaryFolder()
  expect(await keptWindowSeconds(folder, 5)).toBe(5)
  expect(await keptWindowSeconds(folder, 2)).toBe(5)
})

it('a window length that cannot be read stops the start with a line that names its file', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'window.json'), '{"windowSeconds":0}')
  await expect(keptWindowSeconds(folder, 5)).rejects.toMatchObject({
    name: 'DataFolderError',
    message: expect.stringContaining(join(folder, 'window.json')),
  })
})
