import { expect, it } from 'vitest'
import { readCommandLine } from '../../../../infra/cli/command.ts'
import { flags, readSettings } from '../../../../infra/cli/start/settings.ts'
import { welcome } from '../../../../infra/cli/start/welcome.ts'

const running = {
  url: 'http://127.0.0.1:8080',
  awsEndpoint: 'http://127.0.0.1:4566',
  shards: 4,
  windowSeconds: 5,
  demoOpen: true,
}

const told = (args: string[], over: Partial<typeof running> = {}): string =>
  welcome({ ...running, ...over }, readSettings(readCommandLine(args, flags)))

it('a start of an existing folder says which flags shape a new one only', () => {
  const text = told(['--shards', '8', '--window-seconds', '2'])
  expect(text).toContain('The stream in this folder has 4 shards; --shards 8 shapes a new folder only.')
  expect(text).toContain(
    'The windows in this folder are 5 s long; --window-seconds 2 shapes a new folder only.',
  )
})

it('a folder that differs from the defaults needs no word', () => {
  expect(told([], { shards: 8, windowSeconds: 2 })).not.toContain('new folder only')
})

it('synthetic traffic is named', () => {
  expect(told(['--traffic', '50'])).toContain('Traffic       50 synthetic votes a second to the poll demo')
  expect(told([])).not.toContain('Traffic')
})

it('synthetic traffic for a poll demo that is closed is told as not sent', () => {
  const text = told(['--traffic', '50'], { demoOpen: false })
  expect(text).toContain('The poll demo is closed, so --traffic 50 sends nothing')
  expect(text).not.toContain('votes a second')
})
