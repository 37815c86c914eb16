import { count } from '../cost/markdown-table.ts'
import type { QuotaNeed } from './plan-quotas.ts'

/** What must be raised first, each with its source; then what is enough as it is. */
export const quotasText = (needs: readonly QuotaNeed[]): string => {
  const short = needs.filter(({ enough }) => enough !== 'yes')
  const rest = needs.filter(({ enough }) => enough === 'yes')
  return [
    short.length === 0 ? 'Quotas: none to raise' : 'Quotas to raise (needed with the headroom)',
    ...short.flatMap(shortLines),
    ...(rest.length === 0 ? [] : ['  enough:', ...rest.map(enoughLine)]),
  ].join('\n')
}

const shortLines = (need: QuotaNeed): string[] => [
  `  ${need.what}: ${count(need.needed)} needed, ${given(need)}`,
  `    ${need.note}`,
  `    ${need.standing === 'ours' ? '' : need.standing === 'aws' ? "AWS's own text: " : 'from memory: '}${need.source}`,
]

const given = ({ given, least, enough }: QuotaNeed): string =>
  enough === 'no' || least === undefined
    ? `${count(given)} given`
    : `${count(given)} given, but ${count(least.given)} in ${least.where}`

const enoughLine = ({ what, needed, given }: QuotaNeed): string =>
  `    ${what}: ${count(needed)} of ${count(given)}`
