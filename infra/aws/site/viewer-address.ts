import { Function as EdgeFunction, FunctionCode, FunctionRuntime } from 'aws-cdk-lib/aws-cloudfront'
import type { Construct } from 'constructs'

/** What runs at the edge, before a vote is passed on: it writes over whatever the viewer put into the header. */
export const viewerAddressCode = (header: string): string => `function handler(event) {
  var request = event.request
  request.headers['${header}'] = { value: event.viewer.ip }
  return request
}
`

/** Tells the front door's firewall from which address a vote comes; it would take CloudFront's for the voter's. */
export const viewerAddress = (scope: Construct, header: string): EdgeFunction =>
  new EdgeFunction(scope, 'ViewerAddress', {
    code: FunctionCode.fromInline(viewerAddressCode(header)),
    runtime: FunctionRuntime.JS_2_0,
    comment: "Placar: the voter's address, for the rate limit of the front door",
  })
