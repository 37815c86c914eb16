import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { atMostEvery, keepRefreshing } from '../../../dashboard/site/refresh.ts'

/** As much of a document as the loop looks at. */
const fakePage = () => {
  const page = Object.assign(new EventTarget(), { hidden: false })
  const show = (shown: boolean) => {
    page.hidden = !shown
    page.dispatchEvent(new Event('visibilitychange'))
  }
  return { page: page as unknown as Document, show }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('keepRefreshing', () => {
  test('rounds follow each other after the delay they ask for', async () => {
    const round = vi.fn(async () => 1_000)
    keepRefreshing(fakePage().page, round).now()
    await vi.advanceTimersByTimeAsync(999)
    expect(round).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(round).toHaveBeenCalledTimes(2)
  })

  test('a hidden page asks nothing, and asks at once when it is shown', async () => {
    const { page, show } = fakePage()
    const round = vi.fn(async () => 1_000)
    keepRefreshing(page, round).now()
    await vi.advanceTimersByTimeAsync(0)
    show(false)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(round).toHaveBeenCalledTimes(1)
    show(true)
    expect(round).toHaveBeenCalledTimes(2)
  })

  test('a round that ends on a hidden page is not followed by another', async () => {
    const { page } = fakePage()
    const round = vi.fn(async () => 1_000)
    keepRefreshing(page, round).now()
    Object.assign(page, { hidden: true })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(round).toHaveBeenCalledTimes(1)
  })

  test('now gives up the round under way, and what that one comes to starts nothing', async () => {
    const signals: AbortSignal[] = []
    const ends: ((delayMs: number) => void)[] = []
    const { now } = keepRefreshing(fakePage().page, (signal) => {
      signals.push(signal)
      return new Promise((end) => ends.push(end))
    })
    now()
    now()
    expect(signals.map((signal) => signal.aborted)).toEqual([true, false])
    ends[0]?.(0)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(signals).toHaveLength(2)
  })
})

describe('atMostEvery', () => {
  test('work is done when it is due and not before', async () => {
    const work = vi.fn(async () => {})
    const { ask, soon } = atMostEvery(2_000, work)
    for (const now of [0, 1_000, 1_999, 2_000]) {
      ask(now)
      await Promise.resolve()
    }
    expect(work).toHaveBeenCalledTimes(2)
    await vi.advanceTimersByTimeAsync(0)
    soon()
    ask(2_001)
    expect(work).toHaveBeenCalledTimes(3)
  })

  test('slow work is not begun again before it is done', async () => {
    let end = () => {}
    const work = vi.fn(() => new Promise<void>((done) => (end = done)))
    const { ask } = atMostEvery(10, work)
    ask(0)
    ask(1_000)
    expect(work).toHaveBeenCalledTimes(1)
    end()
    await vi.advanceTimersByTimeAsync(0)
    ask(2_000)
    expect(work).toHaveBeenCalledTimes(2)
  })
})
