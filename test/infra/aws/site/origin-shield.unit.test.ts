import { RegionInfo } from 'aws-cdk-lib/region-info'
import { expect, it } from 'vitest'
import { shieldRegions } from '../../../../infra/aws/site/origin-shield.ts'
import { templateOf } from '../template-of.ts'
import { siteIn, smallPage } from './site-stack.ts'

const folder = smallPage()
const [table = {}] = Object.values(templateOf((stack) => siteIn(stack, folder)).findMappings('*'))

it('a Region with an Origin Shield has its own', () => {
  for (const region of shieldRegions) expect(table[region]).toEqual({ shield: region })
})

it('every other Region has one of those', () => {
  const regions = RegionInfo.regions.filter(({ partition }) => partition === 'aws').map(({ name }) => name)
  expect(regions).toContain('eu-north-1')
  for (const region of regions) expect(shieldRegions).toContain(table[region]?.shield)
})
