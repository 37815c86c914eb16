import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A stack by its outputs, or the error with which CloudFormation answers. */
export type DescribedStack =
  | Readonly<Record<string, string>>
  | { code: string; message: string; status: number }

/**
 * CloudFormation's DescribeStacks (Query protocol) on loopback: these stacks, by name. Signatures are not checked. `asked`:
 * the names of the stacks that were described, in order.
 */
export const openCloudFormation = async (
  stacks: Readonly<Record<string, DescribedStack>>,
): Promise<{ url: string; asked: string[] }> => {
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    const body = (await request.setEncoding('utf8').toArray()).join('')
    const name = new URLSearchParams(body).get('StackName') ?? ''
    asked.push(name)
    const stack = stacks[name] ?? noSuchStack(name)
    const isError = 'code' in stack && 'status' in stack
    response
      .writeHead(isError ? Number(stack.status) : 200, { 'Content-Type': 'text/xml' })
      .end(isError ? errorXml(String(stack.code), String(stack.message)) : stackXml(name, stack))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

/** In CloudFormation's words. */
const noSuchStack = (name: string) => ({
  code: 'ValidationError',
  message: `Stack with id ${name} does not exist`,
  status: 400,
})

const namespace = 'http://cloudformation.amazonaws.com/doc/2010-05-15/'

const errorXml = (code: string, message: string): string =>
  `<ErrorResponse xmlns="${namespace}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`

const stackXml = (name: string, outputs: object): string => {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  )
  return `<DescribeStacksResponse xmlns="${namespace}"><DescribeStacksResult><Stacks><member><StackName>${name}</StackName><CreationTime>2026-06-01T19:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`
}
