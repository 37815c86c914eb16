import { Names, Stack } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/** CloudFront's longest name for an origin access control. */
const maxLength = 64

/** AWS's longest Region name today is `ap-northeast-1`; there is room for a longer one. */
const longestRegion = 16

/**
 * A name for what CloudFront knows once per account, not per Region: a stack of the same name in another Region has
 * another. (The CDK's own names for these leave the Region out.)
 */
export const accountWideName = (construct: IConstruct, what: string): string => {
  const name = Names.uniqueResourceName(construct, { maxLength: maxLength - longestRegion - what.length - 2 })
  return `${name}-${what}-${Stack.of(construct).region}`
}
