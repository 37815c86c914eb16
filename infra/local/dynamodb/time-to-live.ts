import { refusal, refuse, type ServiceAnswer } from '../aws/service.ts'

/**
 * The attribute that holds an item's expiry, by table. Remembered until the process ends, so that tools which set and
 * describe it work; nothing is ever expired (AWS promises no moment either, only "within a few days").
 */
export type TimeToLive = Map<string, string>

type Forward = (action: string, body: Buffer) => Promise<ServiceAnswer>
type Specification = { AttributeName: string; Enabled: boolean }

const jsonType = 'application/x-amz-json-1.0'

/** Answers UpdateTimeToLive, which dynalite does not know, and DescribeTimeToLive; `undefined` for any other action. */
export const answerTimeToLive = async (
  timeToLive: TimeToLive,
  action: string,
  body: Buffer,
  forward: Forward,
): Promise<ServiceAnswer | undefined> => {
  if (action === 'UpdateTimeToLive') return update(timeToLive, body, forward)
  if (action !== 'DescribeTimeToLive' && action !== 'DeleteTable') return undefined
  const answer = await forward(action, body)
  const { TableName } = parse(body)
  if (answer.status !== 200 || typeof TableName !== 'string') return answer
  if (action === 'DeleteTable') timeToLive.delete(TableName)
  const AttributeName = timeToLive.get(TableName)
  if (action === 'DeleteTable' || AttributeName === undefined) return answer
  return ok({ TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName } })
}

const update = async (timeToLive: TimeToLive, body: Buffer, forward: Forward): Promise<ServiceAnswer> => {
  const { TableName, TimeToLiveSpecification: specification } = parse(body)
  if (typeof TableName !== 'string' || !isSpecification(specification))
    return refuse(
      refusal(
        'ValidationException',
        'UpdateTimeToLive needs TableName and TimeToLiveSpecification with AttributeName and Enabled.',
      ),
      jsonType,
    )
  const table = await forward('DescribeTimeToLive', Buffer.from(JSON.stringify({ TableName })))
  if (table.status !== 200) return table // most likely there is no such table
  if (specification.Enabled) timeToLive.set(TableName, specification.AttributeName)
  else timeToLive.delete(TableName)
  return ok({ TimeToLiveSpecification: specification })
}

const parse = (body: Buffer): { TableName?: unknown; TimeToLiveSpecification?: unknown } => {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

const isSpecification = (value: unknown): value is Specification => {
  if (typeof value !== 'object' || value === null) return false
  const { AttributeName, Enabled } = value as Partial<Specification>
  return typeof AttributeName === 'string' && typeof Enabled === 'boolean'
}

const ok = (output: object): ServiceAnswer => ({
  status: 200,
  headers: { 'content-type': jsonType },
  body: JSON.stringify(output),
})
