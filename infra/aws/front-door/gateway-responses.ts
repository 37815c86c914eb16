import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway'
import { type DoorRefusal, doorRefusals } from './refusals.ts'

/** What API Gateway answers by itself, in the error shape of every other refusal. */
export const addGatewayResponses = (api: RestApi): void => {
  for (const [type, { status, retryAfterSeconds, body }] of Object.entries(responses))
    api.addGatewayResponse(type, {
      type: ResponseType.of(type),
      statusCode: String(status),
      responseHeaders: {
        'Access-Control-Allow-Origin': "'*'",
        ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': `'${retryAfterSeconds}'` }),
      },
      templates: { 'application/json': body },
    })
}

/** By AWS's names (its developer guide, "Gateway response types"). */
const responses: Record<string, DoorRefusal> = {
  BAD_REQUEST_BODY: doorRefusals.body,
  // A poll whose name is blank.
  BAD_REQUEST_PARAMETERS: doorRefusals.path,
  // Unknown paths; AWS takes them for requests that should have been signed.
  MISSING_AUTHENTICATION_TOKEN: doorRefusals.path,
  RESOURCE_NOT_FOUND: doorRefusals.path,
  // An Authorization header is looked at where no path is found only: no path of ours takes one.
  ACCESS_DENIED: doorRefusals.path,
  INVALID_SIGNATURE: doorRefusals.path,
  EXPIRED_TOKEN: doorRefusals.path,
  UNSUPPORTED_MEDIA_TYPE: doorRefusals.type,
  REQUEST_TOO_LARGE: doorRefusals.largeBatch,
  THROTTLED: doorRefusals.throttled,
  QUOTA_EXCEEDED: doorRefusals.throttled,
  INVALID_API_KEY: doorRefusals.key,
  WAF_FILTERED: doorRefusals.firewall,
  INTEGRATION_FAILURE: doorRefusals.failed,
  INTEGRATION_TIMEOUT: doorRefusals.failed,
  DEFAULT_4XX: doorRefusals.request,
  DEFAULT_5XX: doorRefusals.failed,
}
