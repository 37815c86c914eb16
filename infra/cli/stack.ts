import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation'
import { type StackParts, stackOutputs } from '../stack-outputs.ts'
import { explainStack, StackError } from './stack-error.ts'

/**
 * Reads from CloudFormation what a deployed stack calls its parts, with the user's own credentials and Region.
 *
 * @throws StackError with one line for the user: there is no such stack, it may not be read, or it lacks an output
 */
export const findStack = async (name: string): Promise<StackParts> => {
  const client = new CloudFormationClient({
    requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  })
  let region = ''
  try {
    region = await client.config.region()
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }))
    return partsOf(name, Stacks?.[0])
  } catch (error) {
    throw explainStack(error, name, region)
  } finally {
    client.destroy()
  }
}

const partsOf = (name: string, stack: Stack | undefined): StackParts => {
  const values = new Map(stack?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]))
  const missing: string[] = []
  const outputFor = (part: keyof StackParts): string => {
    const output = stackOutputs[part]
    const value = values.get(output)
    if (value === undefined) missing.push(output)
    return value ?? ''
  }
  const parts = {
    url: outputFor('url'),
    tableName: outputFor('tableName'),
    streamName: outputFor('streamName'),
    archiveBucket: outputFor('archiveBucket'),
  }
  if (missing.length === 0) return parts
  throw new StackError(
    `The stack ${name} (${stack?.StackStatus}) has no output ${missing.join(', ')}: it is not deployed whole, was deployed by an older Placar (npm run deploy brings it up to date), or is no Placar.`,
  )
}
