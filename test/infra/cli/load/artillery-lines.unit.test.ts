import { expect, test } from 'vitest'
import { artilleryLines } from '../../../../infra/cli/load/artillery-lines.ts'

const readAll = (...lines: string[]) => {
  const said: string[] = []
  const reader = artilleryLines(
    (text) => said.push(text),
    () => 12_400,
  )
  for (const line of lines) reader.read(line)
  return { said, missed: reader.missed() }
}

test('a phase is named as it begins', () => {
  expect(readAll('Phase started: call to vote (index: 2, duration: 20s) 14:45:46(+0000)').said).toEqual([
    '   12 s  call to vote\n',
  ])
})

test('of a report, what was answered is left, in one line', () => {
  const report = [
    'http.codes.202: .................... 1540',
    'http.codes.429: .................... 4',
    'http.downloaded_bytes: ............. 2554',
    'http.request_rate: ................. 154/sec',
    'votes.option ana.codes.202: ........ 5',
  ]
  expect(readAll(...report).said).toEqual(['   12 s  answered  202 1,540  429 4\n'])
})

test('the summary says nothing that was not said', () => {
  const summary = [
    'Summary report @ 14:46:07(+0000)',
    'http.codes.202: .......... 37',
    'http.request_rate: ....... 3/sec',
  ]
  expect(readAll(...summary).said).toEqual([])
})

test('thresholds that were missed are remembered, those that were met are not', () => {
  const { missed } = readAll('ok: vusers.failed == 0', 'fail: http.response_time.p99 < 50')
  expect(missed).toEqual(['http.response_time.p99 < 50'])
})

test('a complaint is passed on once', () => {
  const complaint = 'Error: connect ECONNREFUSED 127.0.0.1:8080'
  expect(readAll(complaint, complaint).said).toEqual([`   12 s  ${complaint}\n`])
})
