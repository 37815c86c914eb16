import { expect, it, onTestFinished } from 'vitest'
import type { HttpAnswer } from '../../dashboard/answer.ts'
import { handlerEnvironment } from '../../infra/local/handler-environment.ts'
import { invoke } from '../../infra/local/lambda/invoke.ts'
import { workerPool } from '../../infra/local/lambda/worker-pool.ts'
import { freePort } from '../e2e/placar.ts'
import { temporaryFolder } from '../infra/local/temporary-folder.ts'

it('a store that cannot be reached is answered 503, to be asked again, and the log says why', async () => {
  const nobody = `http://127.0.0.1:${await freePort()}`
  const output: string[] = []
  const pool = workerPool({
    size: 1,
    maxWaiting: 1,
    handlers: { scoreboard: import.meta.resolve('../../dashboard/scoreboard.lambda.ts') },
    environment: handlerEnvironment({
      awsEndpoint: nobody,
      dynamoEndpoint: nobody,
      windowSeconds: 5,
      shardLimits: true,
      folder: await temporaryFolder(),
    }),
    log: (text) => output.push(text),
  })
  onTestFinished(() => pool.close())
  const function_ = { functionName: 'scoreboard', timeoutSeconds: 20 }
  const answer = await invoke<HttpAnswer>(pool, function_, { rawPath: '/polls', rawQueryString: '' })
  expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } })
  expect(JSON.parse(answer.body)).toMatchObject({ error: 'unavailable' })
  expect(output.join('')).toContain('/polls could not be read')
})
