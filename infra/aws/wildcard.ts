import { CfnElement, Stack, Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/**
 * Acknowledges a wildcard behind one resource's ARN in the policies of `grantee`, e.g. `:*` for the versions of a function.
 *
 * @param reason what the wildcard stands for, and why it may
 */
export const acknowledgeWildcard = (
  grantee: IConstruct,
  resource: IConstruct,
  suffix: string,
  reason: string,
): void => {
  const { defaultChild } = resource.node
  if (!CfnElement.isCfnElement(defaultChild))
    throw new Error(`${resource.node.path} is no resource by itself`)
  const name = Stack.of(resource).getLogicalId(defaultChild)
  Validations.of(grantee).acknowledge({ id: `AwsSolutions-IAM5[Resource::<${name}.Arn>${suffix}]`, reason })
}
