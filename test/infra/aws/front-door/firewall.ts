import type { Template } from 'aws-cdk-lib/assertions'
import { only } from '../template-of.ts'
import type { Properties } from './synthesized.ts'

export type Blocked = { status: number; headers: Record<string, string>; body: string }
type Seen = { path: string; body: string }

/** The firewall's own rules as they were synthesized. Rates and AWS's managed rules are not run: they let everything pass. */
export const firewall = (template: Template): ((request: Seen) => Blocked | undefined) => {
  const { Rules, CustomResponseBodies } = only(template, 'AWS::WAFv2::WebACL').Properties
  const rules: Properties[] = Rules.toSorted((a: Properties, b: Properties) => a.Priority - b.Priority)
  const own = rules.filter(
    ({ Statement }) => !('RateBasedStatement' in Statement || 'ManagedRuleGroupStatement' in Statement),
  )
  return (request) => {
    const rule = own.find(({ Statement }) => matches(Statement, request))
    if (rule === undefined) return undefined
    const { ResponseCode, CustomResponseBodyKey, ResponseHeaders } = rule.Action.Block.CustomResponse
    const { ContentType, Content } = CustomResponseBodies[CustomResponseBodyKey]
    if (ContentType !== 'APPLICATION_JSON') throw new Error(`${rule.Name} answers ${ContentType}`)
    const headers = ResponseHeaders.map(({ Name, Value }: { Name: string; Value: string }) => [
      Name.toLowerCase(),
      Value,
    ])
    return {
      status: ResponseCode,
      headers: { 'content-type': 'application/json', ...Object.fromEntries(headers) },
      body: Content,
    }
  }
}

const matches = (statement: Properties, request: Seen): boolean => {
  const [[kind, said] = []] = Object.entries<Properties>(statement)
  if (kind === 'AndStatement') return said.Statements.every((one: Properties) => matches(one, request))
  if (kind === 'NotStatement') return !matches(said.Statement, request)
  if (
    kind === 'ByteMatchStatement' &&
    'UriPath' in said.FieldToMatch &&
    said.PositionalConstraint === 'ENDS_WITH'
  )
    return request.path.endsWith(said.SearchString)
  if (
    kind === 'SizeConstraintStatement' &&
    said.FieldToMatch.Body?.OversizeHandling === 'MATCH' &&
    said.ComparisonOperator === 'GT'
  )
    return Buffer.byteLength(request.body) > said.Size
  throw new Error(`The firewall has a statement that this test does not know: ${JSON.stringify(statement)}`)
}
