import { expect } from 'vitest'
import { refused } from '../refusal.ts'
import type { Rule, RuleClient } from '../rule.ts'

const tagsOf = async (kinesis: RuleClient, StreamName: string) => {
  const { Tags = [] } = await kinesis.listTagsForStream({ StreamName })
  return Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]))
}

const numbered = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`key-${at + 10}`, 'v']))

export const tagRules: readonly Rule[] = [
  {
    fact: 'tags are added, and those there are already have their new value',
    aws: 'AddTagsToStream: "If tags have already been assigned to the stream, AddTagsToStream overwrites any existing tags that correspond to the specified tag keys."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await kinesis.addTagsToStream({ StreamName, Tags: { team: 'votes', stage: 'test' } })
      await kinesis.addTagsToStream({ StreamName, Tags: { stage: 'live', empty: '' } })
      const tags = await tagsOf(kinesis, StreamName)
      expect([tags.team, tags.stage, tags.empty ?? '']).toEqual(['votes', 'live', ''])
    },
  },
  {
    fact: 'tags are removed, and those that are not there are passed over',
    aws: 'RemoveTagsFromStream: "If you specify a tag that does not exist, it is ignored."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await kinesis.addTagsToStream({ StreamName, Tags: { a: '1', b: '2' } })
      await kinesis.removeTagsFromStream({ StreamName, TagKeys: ['a', 'c'] })
      expect(await tagsOf(kinesis, StreamName)).toEqual({ b: '2' })
    },
  },
  {
    fact: 'tags are listed page by page, going on behind a key',
    aws: 'ListTagsForStream, ExclusiveStartTagKey: "gets all tags that occur after ExclusiveStartTagKey"; HasMoreTags',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await kinesis.addTagsToStream({ StreamName, Tags: { a: '1', b: '2', c: '3' } })
      const first = await kinesis.listTagsForStream({ StreamName, Limit: 2 })
      expect(first).toMatchObject({ Tags: [{ Key: 'a' }, { Key: 'b' }], HasMoreTags: true })
      const rest = await kinesis.listTagsForStream({ StreamName, ExclusiveStartTagKey: 'b' })
      expect(rest).toMatchObject({ Tags: [{ Key: 'c', Value: '3' }], HasMoreTags: false })
    },
  },
  {
    fact: 'a stream has up to 50 tags, which may come at once',
    aws: 'AddTagsToStream, Tags: "You can add up to 50 tags per resource."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await kinesis.addTagsToStream({ StreamName, Tags: numbered(50) })
      expect(Object.keys(await tagsOf(kinesis, StreamName))).toHaveLength(50)
      await refused(
        kinesis.addTagsToStream({ StreamName, Tags: { more: 'v' } }),
        'InvalidArgumentException',
        'LimitExceededException',
      )
    },
  },
  {
    fact: 'a tag has a key of 1 to 128 characters and a value of up to 256',
    aws: 'API_Tag: Key "Maximum length: 128 characters"; Value "Maximum length: 256 characters"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await kinesis.addTagsToStream({ StreamName, Tags: { ['k'.repeat(128)]: 'v'.repeat(256) } })
      for (const Tags of [{ ['k'.repeat(129)]: 'v' }, { k: 'v'.repeat(257) }, { '': 'v' }, {}])
        await refused(
          kinesis.addTagsToStream({ StreamName, Tags }),
          'ValidationException',
          'InvalidArgumentException',
        )
    },
  },
  {
    fact: 'tags are of letters, digits, white space and _ . : / = + - % @',
    aws: 'API_Tag, Key: "Valid characters: Unicode letters, digits, white space, _ . / = + - % @"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await kinesis.addTagsToStream({ StreamName, Tags: { 'São Paulo 1_./=+-@': 'x y' } })
      await refused(
        kinesis.addTagsToStream({ StreamName, Tags: { 'a;b': 'v' } }),
        'InvalidArgumentException',
        'ValidationException',
      )
    },
  },
  {
    fact: 'a per cent sign may stand in a tag',
    aws: 'API_Tag, Key: "Valid characters: Unicode letters, digits, white space, _ . / = + - % @"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await kinesis.addTagsToStream({ StreamName, Tags: { share: '50 %' } })
      expect(await tagsOf(kinesis, StreamName)).toEqual({ share: '50 %' })
    },
  },
  {
    fact: 'a stream is created with its tags',
    aws: 'CreateStream: "You can add tags to the stream when making a CreateStream request by setting the Tags parameter."',
    check: async (kinesis) => {
      const StreamName = kinesis.newName()
      await kinesis.createStream({ StreamName, ShardCount: 1, Tags: { team: 'votes' } })
      await kinesis.active(StreamName)
      expect(await tagsOf(kinesis, StreamName)).toEqual({ team: 'votes' })
    },
  },
]
