import { expect, it } from 'vitest'
import { streamNameVariable } from '../../../ingest/environment.ts'
import { pollStore } from '../../../ingest/poll.store.ts'
import { openCountTable, tableName } from '../../infra/local/open-count-table.ts'
import { handlerWorker } from '../handler-worker.ts'

it('the closer tells how many polls wait for their result, and how long, also when it then cannot close them', async () => {
  const { client, endpoint } = await openCountTable()
  const polls = pollStore(client, tableName)
  const options = ['ana', 'bia'].map((id) => ({ id, label: id }))
  await polls.createPoll({ id: 'final', title: 'Final', options })
  // The table's endpoint is no stream's: whatever is asked of Kinesis fails.
  const { invoke, published } = handlerWorker(import.meta.resolve('../../../aggregators/close.lambda.ts'), {
    AWS_ENDPOINT_URL: endpoint,
    [streamNameVariable]: 'none',
  })
  await invoke({})
  const closed = await polls.closePoll('final', ['shardId-000000000000'])
  expect(closed?.closedAt).toBeDefined()
  expect(await invoke({})).toMatchObject({ ok: false })

  const [open, closing, ...more] = published()
  expect(open).toMatchObject({ service: 'close', PollsClosing: 0, ClosingSeconds: 0 })
  expect(closing).toMatchObject({
    service: 'close',
    PollsClosing: 1,
    _aws: { CloudWatchMetrics: [{ Namespace: 'Placar/show', Dimensions: [['service']] }] },
  })
  expect(closing?.ClosingSeconds).toBeGreaterThanOrEqual(0)
  expect(more).toEqual([])
})
