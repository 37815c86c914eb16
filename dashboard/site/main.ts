import type { PollsView, Scoreboard } from '../read-model.ts'
import { followPoll, type LivePoll } from './live-poll.ts'
import { type Announcement, announce } from './model/announcement.ts'
import { nextDelayMs } from './model/backoff.ts'
import { emptyFeed } from './model/feed.ts'
import { historyEnd } from './model/history.ts'
import { choosePoll, type ListedPoll } from './model/poll-choice.ts'
import { rateLines } from './model/rate-lines.ts'
import { serverTime } from './model/server-clock.ts'
import { atMostEvery, keepRefreshing } from './refresh.ts'
import { castVote, read } from './server.ts'
import { find, setText } from './view/element.ts'
import { showFreshness } from './view/freshness-view.ts'
import { latencyView } from './view/latency-view.ts'
import { pickerView } from './view/picker-view.ts'
import { rateView } from './view/rate-view.ts'
import { showReceipt } from './view/receipt-view.ts'
import { scoreboardView } from './view/scoreboard-view.ts'
import { shardsView } from './view/shards-view.ts'
import { showSystem } from './view/system-view.ts'

const listIntervalMs = 10_000
const ageIntervalMs = 200

const notice = find('[data-notice]')
const board = find('[data-board]')
const panels = find('[data-panels]')
const receipt = find('[data-receipt]')
const scoreboards = scoreboardView(board, (option) => void vote(option))
const rates = rateView(find('[data-rate-panel]'))
const latencies = latencyView(find('[data-stages]'))
const shards = shardsView(find('[data-shards-panel]'))
const picker = pickerView(find<HTMLSelectElement>('[data-poll-picker]'), (id) => {
  history.pushState(null, '', `?poll=${encodeURIComponent(id)}`)
  followAtOnce()
})

let polls: readonly ListedPoll[] | undefined
let listFailures = 0
let announced: Announcement | undefined
let idleSince = performance.now()
let live: ReturnType<typeof followPoll> | undefined

const wanted = (): string | null => new URLSearchParams(location.search).get('poll') || null

/** Shows the poll that the address names, from the beginning; without one, the default, which the address then names. */
const follow = () => {
  const choice = choosePoll(polls ?? [], wanted())
  showReceipt(receipt, undefined)
  announced = undefined
  board.hidden = true
  panels.hidden = true
  notice.hidden = false
  delete document.body.dataset.status
  delete document.body.dataset.version
  document.title = 'Placar'
  if (choice.kind === 'poll') {
    if (wanted() === null) history.replaceState(null, '', `?poll=${encodeURIComponent(choice.id)}`)
    setText(notice, 'Loading …')
    live = followPoll(choice.id, live?.poll.clock ?? [], views)
  } else {
    setText(notice, choice.kind === 'none' ? noPolls : `There is no poll “${choice.id}”. Choose one above.`)
    live = undefined
  }
  picker.show(polls ?? [], live?.poll.id)
}

const followAtOnce = () => {
  follow()
  refreshing.now()
}

const noPolls = 'There are no polls yet. They appear here as soon as one is created.'

const views = {
  scoreboard: (poll: LivePoll) => {
    showAge()
    if (poll.feed.trouble !== undefined) list.soon()
    const { shown } = poll.feed
    if (shown === undefined) return
    if (polls?.find(({ id }) => id === poll.id)?.status !== shown.status) list.soon()
    showScoreboard(poll, shown)
  },
  history: (poll: LivePoll, shown: Scoreboard) => {
    const end = historyEnd(shown, serverTime(poll.clock, performance.now()))
    rates.show(rateLines(poll.history, shown, end))
  },
  stats: (poll: LivePoll, shown: Scoreboard) => {
    if (poll.stats !== undefined) {
      latencies.show(poll.stats.latency)
      shards.show(poll.stats)
    }
    showSystem(panels, shown, poll.stats)
  },
}

const showScoreboard = (poll: LivePoll, shown: Scoreboard) => {
  notice.hidden = true
  board.hidden = false
  panels.hidden = false
  // The past that is replayed keeps no latencies, and no stream.
  for (const panel of ['[data-latency-panel]', '[data-shards-panel]'])
    find(panel).hidden = shown.replay === true
  document.title = `${shown.poll.title} – Placar`
  scoreboards.show(shown)
  showSystem(panels, shown, poll.stats)
  announced = announce(announced, shown, performance.now())
  setText(find('[data-announcement]'), announced.text)
}

const showAge = () => {
  const { feed, clock } = live?.poll ?? { feed: emptyFeed(idleSince), clock: [] }
  const nothingToShow = live === undefined && polls !== undefined && listFailures === 0
  showFreshness(feed, clock, performance.now(), nothingToShow)
}

/** Brings the list of polls up to date. A poll that was created anew under its old id is another poll. */
const refreshList = async (signal: AbortSignal): Promise<void> => {
  const answer = await read<PollsView>('/polls', undefined, signal)
  if (signal.aborted) return
  listFailures = answer.kind === 'fresh' ? 0 : listFailures + 1
  if (answer.kind !== 'fresh') return
  idleSince = performance.now()
  const createdAt = (all: readonly ListedPoll[] | undefined) =>
    all?.find((poll) => poll.id === live?.poll.id)?.createdAt
  const before = createdAt(polls)
  polls = answer.body.polls
  if (live !== undefined && createdAt(polls) === before) {
    picker.show(polls, live.poll.id)
    return
  }
  follow()
  if (live !== undefined) refreshing.now()
}

const list = atMostEvery(listIntervalMs, () => refreshList(new AbortController().signal))

const refreshing = keepRefreshing(document, async (signal) => {
  if (live === undefined) {
    await refreshList(signal)
    showAge()
    return nextDelayMs(listFailures, Math.random())
  }
  const delayMs = await live.round(signal)
  if (live.poll.feed.trouble !== 'unreachable') list.ask(performance.now())
  return delayMs
})

/** One vote at a time, so that an impatient second click is not a second vote. */
let voting = false
const vote = async (option: { id: string; label: string }) => {
  if (live === undefined || voting) return
  const { id } = live.poll
  voting = true
  scoreboards.rest(true)
  const answer = await castVote(id, option)
  if (live?.poll.id === id) showReceipt(receipt, answer)
  setTimeout(() => {
    voting = false
    scoreboards.rest(false)
  }, answer.restMs ?? 0)
}

window.addEventListener('popstate', followAtOnce)
setInterval(() => {
  if (!document.hidden) showAge()
}, ageIntervalMs)
refreshing.now()
