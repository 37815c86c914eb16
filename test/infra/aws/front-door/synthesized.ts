import type { Template } from 'aws-cdk-lib/assertions'
import { FrontDoor } from '../../../../infra/aws/front-door.ts'
import { checkedSettings, defaults, type Settings } from '../../../../infra/aws/settings.ts'
import { VoteStream } from '../../../../infra/aws/vote-stream.ts'
import { type Resource, templateOf } from '../template-of.ts'

/** What the front door synthesizes to, with a stream behind it. */
export const frontDoorTemplate = (changes: Partial<Settings> = {}): Template =>
  templateOf((stack) => {
    const settings = checkedSettings({ ...defaults, ...changes })
    new FrontDoor(stack, 'FrontDoor', { settings, votes: new VoteStream(stack, 'Votes', settings) })
  })

/** Properties of the resources of a type, by logical id. */
export const resources = (template: Template, type: string): [id: string, properties: Properties][] =>
  Object.entries(template.findResources(`AWS::${type}`) as Record<string, Resource>).map(([id, resource]) => [
    id,
    resource.Properties,
  ])

export type Properties = Resource['Properties']
