import { randomBytes } from 'node:crypto'
import type { Ajv } from 'ajv'
import draft4 from 'ajv-draft-04'
import type { Template } from 'aws-cdk-lib/assertions'
import { renderTemplate } from '../../../ingest/mapping-template.ts'
import { only } from '../template-of.ts'
import { firewall } from './firewall.ts'
import { type Properties, resources } from './synthesized.ts'

export type ApiRequest = { method: string; path: string; body?: string; headers: Record<string, string> }
/** Header names in lower case. */
export type ApiAnswer = { status: number; headers: Record<string, string>; body: string }

export type ApiPorts = {
  /** What `kinesis:PutRecord` answers to a body; throws where it cannot be reached. */
  putRecord(body: string, headers: Record<string, string>): { status: number; body: string }
  /** Epoch ms, `$context.requestTimeEpoch`. */
  now(): number
  /** The value of an API key that the usage plan knows. */
  apiKey: string
}

/**
 * A REST API as its template says: the firewall, then route, API key, model, request template, integration, and response
 * template, with what API Gateway answers by itself from its gateway responses. Throttles are not run.
 */
export const restApi = (
  template: Template,
  { putRecord, now, apiKey }: ApiPorts,
): ((request: ApiRequest) => ApiAnswer) => {
  const blocked = firewall(template)
  const find = routes(template)
  const isValid = models(template)
  const refuse = gatewayResponses(template)
  const { Variables } = only(template, 'AWS::ApiGateway::Stage').Properties
  const stageVariables = Object.fromEntries(
    Object.entries(Variables).map(([name, value]) => [name, JSON.stringify(value).replaceAll(/\W/g, '')]),
  )

  return ({ method, path: url, body = '', headers: sent }) => {
    const headers = Object.fromEntries(
      Object.entries(sent).map(([name, value]) => [name.toLowerCase(), value]),
    )
    const [path = '', query = ''] = url.split('?')
    const block = blocked({ path, body })
    if (block !== undefined) return block

    const route = find(method, path)
    if (route === undefined) return refuse('MISSING_AUTHENTICATION_TOKEN')
    const { properties, pathParameters, resourcePath } = route
    if (properties.ApiKeyRequired && headers['x-api-key'] !== apiKey) return refuse('INVALID_API_KEY')
    const type = (headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? ''
    if (!isValid(properties, type, body)) return refuse('BAD_REQUEST_BODY')

    const { Integration: integration } = properties
    const requestTemplate: string | undefined = integration.RequestTemplates[type]
    if (requestTemplate === undefined) {
      if (integration.PassthroughBehavior !== 'NEVER') throw new Error(`${type} passes unvalidated`)
      return refuse('UNSUPPORTED_MEDIA_TYPE')
    }
    const context = {
      httpMethod: method,
      resourcePath,
      requestTimeEpoch: now(),
      // The one that a client can set.
      requestId: headers['x-amzn-requestid'] ?? randomBytes(16).toString('hex'),
      extendedRequestId: randomBytes(11).toString('base64'),
      requestOverride: { header: {} as Record<string, string> },
      responseOverride: { header: {} as Record<string, string>, status: undefined as number | undefined },
    }
    const parameters = [pathParameters, Object.fromEntries(new URLSearchParams(query)), sent]
    const rendered = renderTemplate(requestTemplate, { body, parameters, context, stageVariables })

    let answer: { status: number; body: string }
    try {
      answer = ask(
        integration,
        rendered,
        {
          ...constants(integration.RequestParameters, 'integration.request.header.'),
          ...context.requestOverride.header,
        },
        putRecord,
      )
    } catch {
      return refuse('INTEGRATION_FAILURE')
    }
    const chosen = integrationResponse(integration, answer.status)
    const text = renderTemplate(chosen.ResponseTemplates['application/json'], {
      body: answer.body,
      parameters,
      context,
      stageVariables,
    })
    return {
      status: context.responseOverride.status ?? Number(chosen.StatusCode),
      headers: lowerCased({
        ...constants(chosen.ResponseParameters, 'method.response.header.'),
        ...context.responseOverride.header,
      }),
      body: text,
    }
  }
}

const ask = (
  integration: Properties,
  rendered: string,
  headers: Record<string, string>,
  putRecord: ApiPorts['putRecord'],
): { status: number; body: string } => {
  if (integration.Type === 'MOCK') return { status: JSON.parse(rendered).statusCode, body: '{}' }
  if (integration.Type === 'AWS' && JSON.stringify(integration.Uri).includes(':kinesis:action/PutRecord"'))
    return putRecord(rendered, headers)
  throw new Error(`This test does not know the integration ${JSON.stringify(integration.Uri)}`)
}

/** The first whose pattern is the whole status; the one without a pattern serves every other. */
const integrationResponse = ({ IntegrationResponses }: Properties, status: number): Properties =>
  IntegrationResponses.find(
    ({ SelectionPattern }: Properties) =>
      SelectionPattern !== undefined && new RegExp(`^(?:${SelectionPattern})$`).test(String(status)),
  ) ?? IntegrationResponses.find(({ SelectionPattern }: Properties) => SelectionPattern === undefined)

/** The values in quotes among parameters, by their names behind the prefix. */
const constants = (parameters: Record<string, string> = {}, prefix: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      if (!name.startsWith(prefix) || !/^'.*'$/.test(value))
        throw new Error(`${name} is no constant: ${value}`)
      return [name.slice(prefix.length), value.slice(1, -1)]
    }),
  )

const lowerCased = (headers: Record<string, string>): Record<string, string> => ({
  'content-type': 'application/json',
  ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
})

type Route = { properties: Properties; pathParameters: Record<string, string>; resourcePath: string }

/** Which method a path leads to; a segment in braces takes any text, percent-decoded. */
const routes = (template: Template): ((method: string, path: string) => Route | undefined) => {
  const parts = new Map(resources(template, 'ApiGateway::Resource'))
  const pathOf = (id: string | undefined): string => {
    const part = id === undefined ? undefined : parts.get(id)
    return part === undefined ? '' : `${pathOf(part.ParentId.Ref)}/${part.PathPart}`
  }
  const methods = resources(template, 'ApiGateway::Method').map(([, properties]) => ({
    properties,
    resourcePath: pathOf(properties.ResourceId.Ref),
  }))
  return (method, path) => {
    const here = methods.flatMap(({ properties, resourcePath }) => {
      const pattern = new RegExp(`^${resourcePath.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`)
      const found = pattern.exec(path)
      if (found === null) return []
      const pathParameters = Object.fromEntries(
        Object.entries(found.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
      )
      return [{ properties, resourcePath, pathParameters }]
    })
    return (
      here.find(({ properties }) => properties.HttpMethod === method) ??
      here.find(({ properties }) => properties.HttpMethod === 'ANY')
    )
  }
}

/** Whether a body passes the model of its type, where there is one and it is asked for. An empty body counts as `{}`. */
const models = (template: Template): ((method: Properties, type: string, body: string) => boolean) => {
  const ajv = new (draft4 as unknown as typeof Ajv)()
  const schemas = new Map(
    resources(template, 'ApiGateway::Model').map(([id, { Schema }]) => [id, ajv.compile(Schema)]),
  )
  const validators = new Map(resources(template, 'ApiGateway::RequestValidator'))
  return (method, type, body) => {
    if (!validators.get(method.RequestValidatorId?.Ref)?.ValidateRequestBody) return true
    const { [type]: own, $default: other } = method.RequestModels ?? {}
    const schema = schemas.get((own ?? other)?.Ref)
    if (schema === undefined) return true
    try {
      return schema(JSON.parse(body === '' ? '{}' : body))
    } catch {
      return false
    }
  }
}

/** What API Gateway answers by itself. */
const gatewayResponses = (template: Template): ((type: string) => ApiAnswer) => {
  const byType = new Map(
    resources(template, 'ApiGateway::GatewayResponse').map(([, properties]) => [
      properties.ResponseType,
      properties,
    ]),
  )
  return (type) => {
    const response = byType.get(type)
    if (response === undefined) throw new Error(`no gateway response ${type}`)
    const { StatusCode, ResponseParameters, ResponseTemplates } = response
    return {
      status: Number(StatusCode),
      headers: lowerCased(constants(ResponseParameters, 'gatewayresponse.header.')),
      body: ResponseTemplates['application/json'],
    }
  }
}
