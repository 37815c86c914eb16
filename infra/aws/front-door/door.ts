import { Duration } from 'aws-cdk-lib'
import {
  AwsIntegration,
  Cors,
  type IRequestValidator,
  type JsonSchema,
  MockIntegration,
  PassthroughBehavior,
  type Resource,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway'
import type { IRole } from 'aws-cdk-lib/aws-iam'
import { errorTable } from '../../../ingest/errors.ts'
import { template } from './templates.ts'

const json = 'application/json'

export type DoorParts = {
  /** Whether it takes batches of trusted collectors, who show an API key, or single votes of everybody. */
  batch: boolean
  /** JSON Schema draft-04 of a body, as its file has it. */
  schema: Record<string, unknown>
  validator: IRequestValidator
  writer: IRole
}

/** One path that takes votes, by POST: validate, wrap, put, answer. Other methods are told so. */
export const addDoor = (
  api: RestApi,
  resource: Resource,
  { batch, schema, validator, writer }: DoorParts,
): void => {
  const what = batch ? 'batch' : 'vote'
  const model = api.addModel(batch ? 'Batch' : 'Vote', { contentType: json, schema: asIs(schema) })
  const integration = new AwsIntegration({
    service: 'kinesis',
    action: 'PutRecord',
    options: {
      credentialsRole: writer,
      // Another content type would otherwise pass by template and model alike.
      passthroughBehavior: PassthroughBehavior.NEVER,
      requestParameters: { 'integration.request.header.Content-Type': "'application/x-amz-json-1.1'" },
      requestTemplates: { [json]: template(`put-${what}`) },
      integrationResponses: [
        { selectionPattern: '200', ...answer('202', `put-${what}-response`) },
        { selectionPattern: '4\\d{2}', ...answer('400', 'put-refused') },
        // Whatever else comes is no acceptance.
        answer('503', 'put-failed', { 'Retry-After': String(errorTable.unavailable.retryAfterSeconds) }),
      ],
    },
  })
  resource.addMethod('POST', integration, {
    apiKeyRequired: batch,
    requestValidator: validator,
    requestParameters: { 'method.request.path.poll': true },
    // By default too: AWS does not validate a body for whose content type it finds no model (its developer guide, from
    // memory), and nothing says that it finds models as it finds templates, `application/json; charset=…` for one. The
    // templates write castAt as it comes, so no body may reach them unvalidated.
    requestModels: { [json]: model, $default: model },
    methodResponses: ['202', '400', '503'].map((status) => declared(status, ['Retry-After'])),
  })
  resource.addMethod('ANY', otherMethod, { methodResponses: [declared('405', ['Allow'])] })
  resource.addCorsPreflight({
    allowOrigins: Cors.ALL_ORIGINS,
    allowMethods: ['POST'],
    allowHeaders: ['Content-Type', ...(batch ? ['X-Api-Key'] : [])],
    // Each asking counts as a request; browsers forget it sooner, if they wish.
    maxAge: Duration.days(1),
  })
}

/** The CDK writes `$schema` for `schema`, and leaves the rest of a schema as it is. */
const asIs = ({ $schema: schema, ...rest }: Record<string, unknown>): JsonSchema =>
  ({ schema, ...rest }) as unknown as JsonSchema

/** An integration response; a template may still override its status. */
const answer = (statusCode: string, name: string, headers: Record<string, string> = {}) => ({
  statusCode,
  responseParameters: Object.fromEntries(
    Object.entries({ 'Access-Control-Allow-Origin': '*', ...headers }).map(([header, value]) => [
      `method.response.header.${header}`,
      `'${value}'`,
    ]),
  ),
  responseTemplates: { [json]: template(name) },
})

const declared = (statusCode: string, headers: string[]) => ({
  statusCode,
  responseParameters: Object.fromEntries(
    ['Access-Control-Allow-Origin', ...headers].map((header) => [`method.response.header.${header}`, true]),
  ),
})

const otherMethod = new MockIntegration({
  passthroughBehavior: PassthroughBehavior.NEVER,
  requestTemplates: { [json]: '{"statusCode":405}' },
  integrationResponses: [answer('405', 'other-method', { Allow: 'POST' })],
})
