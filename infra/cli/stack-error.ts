/** No stack on AWS can be worked on; the message says why, and what would help. */
export class StackError extends Error {
  override name = 'StackError'
}

/** What helps where no Region is set. */
export const setRegion = 'Set AWS_REGION, or AWS_PROFILE to a profile with a Region.'

/** Says in one line why a stack could not be described. `region`: empty where none is set. */
export const explainStack = (error: unknown, stack: string, region: string): StackError => {
  if (error instanceof StackError) return error
  const { name, message, code } = error as NodeJS.ErrnoException
  const says = (message || code || name).replace(/\.?$/, '.')
  const explained = (text: string): StackError => new StackError(text, { cause: error })
  if (region === '') return explained(`AWS is not to be found: ${says} ${setRegion}`)
  if (name === 'ValidationError' && says.includes('does not exist'))
    return explained(
      `There is no stack ${stack} in ${region}. --stack names another one, AWS_REGION another Region; npm run deploy makes one.`,
    )
  if (unsigned.has(name))
    return explained(
      `There are no AWS credentials to ask with: ${says} Sign in, or choose a profile with AWS_PROFILE.`,
    )
  if (refused.has(name))
    return explained(
      `AWS does not take your credentials: ${says} Sign in again, or choose others with AWS_PROFILE.`,
    )
  if (name.startsWith('AccessDenied'))
    return explained(
      `Your credentials may not read the stack ${stack} in ${region}; they need cloudformation:DescribeStacks. AWS says: ${says}`,
    )
  return explained(`The stack ${stack} in ${region} cannot be read: ${says}`)
}

/** Of the SDK, before it asks: nothing to sign with, or a session that has ended. */
const unsigned = new Set(['CredentialsProviderError', 'TokenProviderError'])

/** Of CloudFormation (its API reference, "Common errors"), and of the services behind it. */
const refused = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'MissingAuthenticationToken',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
])
