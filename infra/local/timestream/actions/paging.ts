import { type Refusal, refusal } from '../../aws/service.ts'

/** The default, and the most that a page holds. */
const maxResults = 20

/** One page of a listing. A token is the place of the next item: what is listed here is only ever added to. */
export const pageOf = <Item>(
  items: readonly Item[],
  { NextToken = '0', MaxResults = maxResults }: { NextToken?: string; MaxResults?: number },
): { page: Item[]; token: { NextToken?: string } } | Refusal => {
  if (!/^\d{1,9}$/.test(NextToken)) return refusal('ValidationException', 'The NextToken is not valid.')
  const from = Number(NextToken)
  const to = from + MaxResults
  return { page: items.slice(from, to), token: to < items.length ? { NextToken: String(to) } : {} }
}
