import type { Template } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import batchSchema from '../../../../ingest/batch.schema.json' with { type: 'json' }
import voteSchema from '../../../../ingest/vote.schema.json' with { type: 'json' }
import { templates } from '../../../ingest/mapping-template.ts'
import { allowed, only, type Resource } from '../template-of.ts'
import { frontDoorTemplate, type Properties, resources } from './synthesized.ts'

const template = frontDoorTemplate()
const doors = ['vote', 'batch'] as const

/** The POST method that takes votes or batches. */
const door = (which: (typeof doors)[number]): Properties => {
  const posts = resources(template, 'ApiGateway::Method').filter(
    ([, { HttpMethod }]) => HttpMethod === 'POST',
  )
  const found = posts.find(([, { ApiKeyRequired }]) => ApiKeyRequired === (which === 'batch'))
  if (found === undefined || posts.length !== 2) throw new Error(`${posts.length} methods POST`)
  return found[1]
}

const stage = (of: Template = template): Properties => only(of, 'AWS::ApiGateway::Stage').Properties
const methodSettings = (path: string): Properties =>
  stage().MethodSettings.find(({ ResourcePath }: Properties) => ResourcePath === path)

describe('the API', () => {
  it('is regional, and called after its stack, by which its metrics go', () => {
    expect(only(template, 'AWS::ApiGateway::RestApi').Properties).toMatchObject({
      EndpointConfiguration: { Types: ['REGIONAL'] },
      Name: 'placar',
    })
  })

  it.each([
    ['Vote', voteSchema],
    ['VoteBatch', batchSchema],
  ])('has the model %s exactly as its file has it', (title, schema) => {
    const models = resources(template, 'ApiGateway::Model').map(([, { Schema }]) => Schema)
    expect(models.find((model) => model.title === title)).toEqual(schema)
  })

  it('validates the body of every door', () => {
    expect(only(template, 'AWS::ApiGateway::RequestValidator').Properties.ValidateRequestBody).toBe(true)
    const [id] = Object.keys(template.findResources('AWS::ApiGateway::RequestValidator'))
    for (const which of doors) expect(door(which).RequestValidatorId).toEqual({ Ref: id })
  })

  it.each(doors)('validates a %s whatever its content type says', (which) => {
    const { $default: other, 'application/json': own, ...more } = door(which).RequestModels
    expect(own).toEqual({ Ref: expect.stringContaining(which === 'batch' ? 'ApiBatch' : 'ApiVote') })
    expect([other, more]).toEqual([own, {}])
  })

  it.each(doors)('puts each %s with the mapping template as its file has it, and no other', (which) => {
    const { Integration } = door(which)
    expect(Integration.RequestTemplates).toEqual({ 'application/json': templates[which] })
    expect(Integration.PassthroughBehavior).toBe('NEVER')
    expect(Integration.Type).toBe('AWS')
    expect(Integration.IntegrationHttpMethod).toBe('POST')
    expect(JSON.stringify(Integration.Uri)).toContain(':kinesis:action/PutRecord"')
  })

  it.each(doors)('answers 202 to a %s only if Kinesis said 200', (which) => {
    const accepted = door(which).Integration.IntegrationResponses.filter(
      ({ StatusCode }: Properties) => StatusCode === '202',
    )
    expect(accepted.map(({ SelectionPattern }: Properties) => SelectionPattern)).toEqual(['200'])
  })

  it('may put into its own stream and do nothing else', () => {
    const [streamId] = Object.keys(template.findResources('AWS::Kinesis::Stream'))
    const roles = Object.values(template.findResources('AWS::IAM::Role')) as Resource[]
    const statements = roles.flatMap(({ Properties }) =>
      Properties.Policies.flatMap(({ PolicyDocument }: Properties) => PolicyDocument.Statement),
    )
    expect(statements).toEqual([
      { Effect: 'Allow', Action: 'kinesis:PutRecord', Resource: { 'Fn::GetAtt': [streamId, 'Arn'] } },
    ])
    expect(allowed(template)).toEqual([])
  })

  it.each(['votes', 'batch'])('answers a browser that asks before it sends to …/%s', (part) => {
    const [[id] = []] = resources(template, 'ApiGateway::Resource').filter(
      ([, { PathPart }]) => PathPart === part,
    )
    const options = resources(template, 'ApiGateway::Method').find(
      ([, { HttpMethod, ResourceId }]) => HttpMethod === 'OPTIONS' && ResourceId.Ref === id,
    )
    expect(options?.[1].Integration.IntegrationResponses[0].ResponseParameters).toMatchObject({
      'method.response.header.Access-Control-Allow-Origin': "'*'",
      'method.response.header.Access-Control-Allow-Methods': "'POST'",
      'method.response.header.Access-Control-Allow-Headers': expect.stringContaining('Content-Type'),
    })
  })
})

describe('what API Gateway answers by itself', () => {
  const expected: [type: string, status: number, error: string, retryAfter?: string][] = [
    ['BAD_REQUEST_BODY', 400, 'invalid_vote'],
    ['BAD_REQUEST_PARAMETERS', 404, 'not_found'],
    ['MISSING_AUTHENTICATION_TOKEN', 404, 'not_found'],
    ['RESOURCE_NOT_FOUND', 404, 'not_found'],
    ['ACCESS_DENIED', 404, 'not_found'],
    ['INVALID_SIGNATURE', 404, 'not_found'],
    ['EXPIRED_TOKEN', 404, 'not_found'],
    ['UNSUPPORTED_MEDIA_TYPE', 415, 'unsupported_media_type'],
    ['REQUEST_TOO_LARGE', 413, 'too_large'],
    ['THROTTLED', 429, 'throttled', "'1'"],
    ['QUOTA_EXCEEDED', 429, 'throttled', "'1'"],
    ['INVALID_API_KEY', 403, 'forbidden'],
    ['WAF_FILTERED', 403, 'forbidden'],
    ['INTEGRATION_FAILURE', 503, 'unavailable', "'1'"],
    ['INTEGRATION_TIMEOUT', 503, 'unavailable', "'1'"],
    ['DEFAULT_4XX', 400, 'invalid_request'],
    ['DEFAULT_5XX', 503, 'unavailable', "'1'"],
  ]
  const responses = new Map(
    resources(template, 'ApiGateway::GatewayResponse').map(([, properties]) => [
      properties.ResponseType,
      properties,
    ]),
  )

  it.each(expected)('to %s is %i %s', (type, status, error, retryAfter) => {
    const { StatusCode, ResponseTemplates, ResponseParameters } = responses.get(type)
    const body = ResponseTemplates['application/json']
    expect(StatusCode).toBe(String(status))
    expect(JSON.parse(body)).toEqual({ error, message: expect.stringMatching(/.{10,}/) })
    // A value of the request could not be escaped there.
    expect(body).not.toContain('$')
    expect(ResponseParameters['gatewayresponse.header.Access-Control-Allow-Origin']).toBe("'*'")
    expect(ResponseParameters['gatewayresponse.header.Retry-After']).toBe(retryAfter)
  })

  it('is all of that and no more', () => {
    expect([...responses.keys()].sort()).toEqual(expected.map(([type]) => type).sort())
  })
})

describe('the stage', () => {
  it('names the stream to the templates', () => {
    const [streamId] = Object.keys(template.findResources('AWS::Kinesis::Stream'))
    expect(stage().Variables).toEqual({ streamName: { Ref: streamId } })
  })

  it('lets in single votes and batches as the settings say', () => {
    const throttle = { votes: { rate: 321, burst: 123 }, batches: { rate: 32, burst: 12 } }
    const { MethodSettings } = stage(frontDoorTemplate({ throttle }))
    const byPath = (path: string) =>
      MethodSettings.find(({ ResourcePath }: Properties) => ResourcePath === path)
    const votes = { ThrottlingRateLimit: 321, ThrottlingBurstLimit: 123 }
    const batches = { ThrottlingRateLimit: 32, ThrottlingBurstLimit: 12 }
    expect(byPath('/*')).toMatchObject({ HttpMethod: '*', ...votes })
    expect(byPath('/~1polls~1{poll}~1votes')).toMatchObject({ HttpMethod: 'POST', ...votes })
    expect(byPath('/~1polls~1{poll}~1votes~1batch')).toMatchObject({ HttpMethod: 'POST', ...batches })
    const { Properties } = only(frontDoorTemplate({ throttle }), 'AWS::ApiGateway::UsagePlan')
    expect(Properties.Throttle).toEqual({ RateLimit: 32, BurstLimit: 12 })
  })

  it.each(['/*', '/~1polls~1{poll}~1votes', '/~1polls~1{poll}~1votes~1batch'])(
    'logs errors of %s, and never what was sent',
    (path) => {
      expect(methodSettings(path)).toMatchObject({
        LoggingLevel: 'ERROR',
        DataTraceEnabled: false,
        MetricsEnabled: true,
      })
    },
  )

  it('traces with X-Ray', () => {
    expect(stage().TracingEnabled).toBe(true)
  })

  it('logs each access as JSON, without body, address or browser', () => {
    const line = JSON.parse(stage().AccessLogSetting.Format)
    expect(line).toMatchObject({ status: '$context.status', path: '$context.resourcePath' })
    expect(JSON.stringify(line)).not.toMatch(/sourceIp|userAgent|input|body|caller|context\.path\b/i)
  })

  it('keeps its logs for a week, and the one that API Gateway names too', () => {
    const logs = Object.values(template.findResources('AWS::Logs::LogGroup')) as Resource[]
    expect(logs).toHaveLength(2)
    for (const { Properties, DeletionPolicy } of logs)
      expect([Properties.RetentionInDays, DeletionPolicy]).toEqual([7, 'Delete'])
    expect(
      logs.some(({ Properties }) => JSON.stringify(Properties).includes('API-Gateway-Execution-Logs_')),
    ).toBe(true)
  })

  it('leaves the account’s log role alone unless told to set it', () => {
    template.resourceCountIs('AWS::ApiGateway::Account', 0)
    frontDoorTemplate({ apiGatewayLogRole: true }).resourceCountIs('AWS::ApiGateway::Account', 1)
  })
})

describe('collectors', () => {
  it('have a key, whose value no template holds, with a usage plan for this stage', () => {
    expect(only(template, 'AWS::ApiGateway::ApiKey').Properties).not.toHaveProperty('Value')
    const [stageId] = Object.keys(template.findResources('AWS::ApiGateway::Stage'))
    expect(only(template, 'AWS::ApiGateway::UsagePlan').Properties.ApiStages).toMatchObject([
      { Stage: { Ref: stageId } },
    ])
    template.resourceCountIs('AWS::ApiGateway::UsagePlanKey', 1)
  })
})
