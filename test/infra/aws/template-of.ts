import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'

/** A resource of a template, with CloudFormation's shapes. */
export type Resource = ReturnType<Template['findResources']>[string]

/** What a stack with these constructs synthesizes to. Handlers are not bundled: their code is no part of a template. */
export const templateOf = (
  build: (stack: Stack) => void,
  context: Record<string, unknown> = {},
): Template => {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [], ...context } })
  const stack = new Stack(app, 'placar')
  build(stack)
  return Template.fromStack(stack)
}

/** The one resource of a type. Throws when there are none or several. */
export const only = (template: Template, type: string): Resource => {
  const found: Resource[] = Object.values(template.findResources(type))
  const [one] = found
  if (one === undefined || found.length > 1) throw new Error(`${found.length} resources of type ${type}`)
  return one
}

/** Actions by resource of everything that a template's policies allow to roles of functions; resources as JSON text. */
export const allowed = (template: Template): { actions: string[]; resource: string }[] =>
  Object.values(template.findResources('AWS::IAM::Policy')).flatMap(({ Properties }) =>
    Properties.PolicyDocument.Statement.map(
      (statement: { Action: string | string[]; Resource: unknown }) => ({
        actions: [statement.Action].flat().sort(),
        resource: JSON.stringify(statement.Resource),
      }),
    ),
  )
