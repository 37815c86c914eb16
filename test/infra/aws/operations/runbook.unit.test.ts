import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { budgetHeading } from '../../../../infra/aws/operations/budget.ts'
import { stackOutputs } from '../../../../infra/stack-outputs.ts'
import packageJson from '../../../../package.json' with { type: 'json' }
import { templateOf } from '../template-of.ts'
import { everything, operationsIn } from './operations-stack.ts'

const runbook = readFileSync(new URL('../../../../docs/runbook.md', import.meta.url), 'utf8')
const sections = runbook
  .split(/^## /m)
  .slice(1)
  .map((text) => ({ heading: text.slice(0, text.indexOf('\n')), text }))
const headings = sections.map(({ heading }) => heading)

const template = templateOf((stack) => operationsIn(stack, everything))
const alarmHeadings = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
  ({ Properties }) => /See "(.+)" in docs\/runbook\.md\.$/.exec(Properties.AlarmDescription)?.[1],
)

describe('the runbook', () => {
  it('has a heading for each alarm and the budget, and no other', () => {
    expect(headings.toSorted()).toEqual([...alarmHeadings, budgetHeading].toSorted())
  })

  it.each(sections)('$heading: what it means, how to look, what to do', ({ text }) => {
    expect(text.match(/^\*\*(Means|Look|Do)\.\*\*/gm)).toEqual(['**Means.**', '**Look.**', '**Do.**'])
  })

  it('asks for parts that are in the stack, each by a name that fits one alone', () => {
    const asked = [
      ...[...runbook.matchAll(/part (\w+) ([\w:]+)/g)].map(([, name, type]) => ({ name, type })),
      ...[...runbook.matchAll(/^logs (\w+)$/gm)].map(([, name]) => ({ name, type: 'Logs::LogGroup' })),
    ]
    expect(asked.length).toBeGreaterThan(10)
    for (const { name = '', type } of asked) {
      const found = Object.keys(template.findResources(`AWS::${type}`)).filter((id) => id.startsWith(name))
      expect(found, `${name}, ${type}`).toHaveLength(1)
    }
  })

  it('asks for outputs that the stack has', () => {
    const asked = [...runbook.matchAll(/\$\(output (\w+)\)/g)].map(([, name]) => name)
    expect(asked.length).toBeGreaterThan(3)
    for (const name of asked) expect(Object.values(stackOutputs)).toContain(name)
  })

  it('runs scripts that there are', () => {
    for (const [, script] of runbook.matchAll(/npm run ([\w-]+)/g))
      expect(Object.keys(packageJson.scripts)).toContain(script)
  })

  it('speaks of nothing in italics but its own headings and graphs of the dashboard', () => {
    const dashboard = JSON.stringify(Object.values(template.findResources('AWS::CloudWatch::Dashboard')))
    for (const [, name = ''] of runbook.matchAll(/(?<!\*)\*([A-Z][^*]+)\*(?!\*)/g))
      expect(headings.includes(name) || dashboard.includes(`"${name}`), name).toBe(true)
  })
})
