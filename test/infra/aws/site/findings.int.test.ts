import { expect, it } from 'vitest'
import { findingsOf } from '../findings-of.ts'
import { domain, siteIn, smallPage } from './site-stack.ts'

const folder = smallPage()

it.each([
  { is: 'without a domain', settings: {}, env: {} },
  { is: 'with a domain', settings: { domain }, env: {} },
  {
    is: 'in a named account and Region',
    settings: {},
    env: { account: '111111111111', region: 'sa-east-1' },
  },
])(
  'the site leaves cdk-nag nothing to say, $is',
  ({ settings, env }) => {
    expect(findingsOf((stack) => siteIn(stack, folder, settings), { env })).toEqual([])
  },
  120_000,
)
