import { expect, test } from 'vitest'
import { scenarioKinds } from '../../../load/playing/kinds.ts'
import { parseScenario } from '../../../load/playing/scenario.ts'
import { filler } from '../../../load/playing/template.ts'

const kindsOf = (request: string, seed = 1) => {
  const yaml = `config: { phases: [{ duration: 1, arrivalRate: 1 }], variables: { poll: other, who: eva } }
scenarios: [{ flow: [{ post: ${request} }] }]`
  return scenarioKinds(parseScenario(yaml, 'a.yml'), 'final', seed)
}

test('a request without random parts is one kind, its variables filled in and the poll that of the run', () => {
  const [kind, ...others] = kindsOf(
    `{ name: option ana times 2, url: '/polls/{{ poll }}/votes/batch', json: { votes: [{ option: ana, voterId: '{{who}}' }, 1] } }`,
  )
  expect(others).toEqual([])
  expect(kind).toEqual({
    name: 'option ana times 2',
    method: 'POST',
    path: '/polls/final/votes/batch',
    headers: { 'content-type': 'application/json' },
    body: '{"votes":[{"option":"ana","voterId":"eva"},1]}',
    weight: 1,
    tally: { options: { ana: 2 }, rejected: {} },
    votes: 2,
    expected: [202],
    mayBeThrottled: false,
    conditional: false,
  })
})

test('a form is encoded as one, a text is sent as it is with the content type that it is given', () => {
  expect(kindsOf(`{ url: /x, form: { option: 'a b' } }`)).toMatchObject([
    { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'option=a+b', votes: 0 },
  ])
  expect(
    kindsOf(`{ name: refused x, url: /x, headers: { Content-Type: text/plain }, body: ana }`),
  ).toMatchObject([{ headers: { 'content-type': 'text/plain' }, body: 'ana', votes: 1 }])
})

test('a request with random parts is built in 64 variants, the same for the same seed', () => {
  const request = `{ url: /x, json: { voteId: '{{ $uuid }}', voterId: 'v-{{ $randomString(8) }}' } }`
  const bodies = kindsOf(request).map(({ body }) => body)
  expect(new Set(bodies).size).toBe(64)
  for (const body of bodies)
    expect(body).toMatch(
      /^{"voteId":"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}","voterId":"v-[A-Za-z0-9]{8}"}$/,
    )
  expect(kindsOf(request).reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1)
  expect(kindsOf(request, 2).map(({ body }) => body)).not.toEqual(bodies)
})

test('large random bodies are built in fewer variants', () => {
  const kinds = kindsOf(`{ url: /x, json: { voterId: '{{ $randomString(70000) }}' } }`)
  expect(kinds).toHaveLength(3)
  expect(kinds[0]?.body.length).toBeGreaterThan(70_000)
})

test('a random number lies within its bounds, both included', () => {
  expect(filler({}, () => 0)('{{ $randomNumber(3,5) }}')).toBe('3')
  expect(filler({}, () => 0.999)('{{ $randomNumber(3,5) }}')).toBe('5')
})

test('a template that volley does not know is refused', () => {
  expect(() => kindsOf(`{ url: '/{{ $dirname }}' }`)).toThrow(
    /cannot fill in {{ \$dirname }}; it knows poll, who, \$uuid/,
  )
})
