import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EndpointUnderTest } from './endpoint-under-test.ts'
import type { Rule } from './rule.ts'
import { ruleClient } from './rule-client.ts'
import { rules } from './rules.ts'

/**
 * Checks every rule on an endpoint. One that it is listed to differ in must fail there, so that the list says how things
 * are: what has been mended since must be taken out.
 */
export const holdToRules = (endpoint: EndpointUnderTest): void => {
  let running: Awaited<ReturnType<EndpointUnderTest['start']>>
  beforeAll(async () => {
    running = await endpoint.start()
  })
  afterAll(() => running.stop())

  const check = async (rule: Rule): Promise<void> => {
    const { client, close } = ruleClient(running.url)
    try {
      await rule.check(client)
    } finally {
      await close()
    }
  }

  const { differences, unasked = {} } = endpoint
  const asked = rules.filter(({ fact }) => !Object.hasOwn(unasked, fact))
  const differing = asked.filter(({ fact }) => Object.hasOwn(differences, fact))
  const kept = asked.filter(({ fact }) => !Object.hasOwn(differences, fact))

  describe(`${endpoint.name} keeps the rule:`, () => {
    for (const rule of kept) test(rule.fact, () => check(rule))
  })

  if (differing.length > 0)
    describe(`${endpoint.name} differs from the rule:`, () => {
      for (const rule of differing)
        test(rule.fact, async () => {
          const failure = await check(rule).then(() => undefined, failureOf)
          expect(failure, `${endpoint.name} keeps this rule now`).toBeDefined()
          expect(failure?.isOfTheEndpoint, String(failure?.error)).toBe(true)
        })
    })

  test(`every difference of ${endpoint.name} is one of a rule`, () => {
    const facts = rules.map(({ fact }) => fact)
    expect(Object.keys({ ...differences, ...unasked }).filter((fact) => !facts.includes(fact))).toEqual([])
    expect(new Set(facts).size).toBe(facts.length)
  })
}

/** Whether the endpoint answered otherwise or refused; one that is not reached, or a rule that is broken itself, shows nothing. */
const failureOf = (error: unknown): { error: unknown; isOfTheEndpoint: boolean } => ({
  error,
  isOfTheEndpoint: error instanceof Error && (error.name === 'AssertionError' || isAnswer(error)),
})

/** The SDK gives `$metadata` to every error, but a status only to one that was answered. */
const isAnswer = (error: Error & { $metadata?: { httpStatusCode?: number } }): boolean =>
  error.$metadata?.httpStatusCode !== undefined
