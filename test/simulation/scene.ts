import type { Chance } from './chance.ts'
import { aPoll, type Decision, decision } from './decision.ts'
import { calls } from './kinds.ts'
import type { Fault } from './task.ts'

/** Some decisions that belong together: what would seldom meet by itself. */
export const scene = (chance: Chance): Decision[] => {
  const kind = chance.weighted({ meanwhile: 2, joining: 1, unheard: 1, unconfirmed: 1, ending: 2 })
  if (kind === 'unheard') return unheard(chance)
  if (kind === 'unconfirmed') return unconfirmed(chance)
  if (kind === 'meanwhile') return [...closing(chance), ...meanwhile(chance)]
  return kind === 'joining' ? joining(chance) : ending(chance)
}

/** A poll is about to close, or closes. */
const closing = (chance: Chance): Decision[] => {
  const poll = chance.number(0, 2)
  if (chance.oneIn(4)) return [{ afterMs: 0, do: 'close by hand', poll }]
  // The clocks may disagree by more than the closer waits: then it is the first.
  if (chance.oneIn(3)) return [{ afterMs: 0, do: 'until closesAt', poll, byMs: chance.number(-100, 400) }]
  return [
    ...(chance.oneIn(2) ? [{ ...aPoll(chance), closesInMs: 9000 }] : []),
    { afterMs: 0, do: 'until closesAt', poll, byMs: chance.pick([250, 270, 290]) },
    { afterMs: 0, do: 'close', closer: chance.number(0, 1), rounds: 1 },
    { ...decision(chance, { vote: 1 }), afterMs: 0, poll } as Decision,
  ]
}

/** A shard begins while a poll is being closed, and votes for it are counted there before that is done, or just after it. */
const joining = (chance: Chance): Decision[] => {
  const poll = chance.number(0, 1)
  const voted = (): Decision => ({ ...decision(chance, { vote: 1 }), poll, kind: 'votes' }) as Decision
  const votes = [voted(), voted(), voted()]
  const call = chance.pick(['closePoll', 'closePoll', 'listShards'])
  return [
    ...(chance.oneIn(2) ? [decision(chance, { split: 1 })] : []),
    { afterMs: 0, do: 'close by hand', poll, ...(chance.oneIn(4) ? {} : { fault: { call, how: 'hangs' } }) },
    ...(chance.oneIn(2) ? [decision(chance, { split: 1, merge: 1 })] : []),
    ...votes,
    { afterMs: 100, do: 'catch up' },
    { afterMs: 0, do: 'resume', task: 'newest' },
  ]
}

/** A poll is made just after its aggregators have read which there are, and is voted for. */
const unheard = (chance: Chance): Decision[] => {
  const voted = (poll: number, afterMs: number): Decision =>
    ({ ...decision(chance, { vote: 1 }), afterMs, poll, kind: 'votes', backMs: 0 }) as Decision
  const catchUp: Decision = { afterMs: 100, do: 'catch up' }
  const made = { ...aPoll(chance), opensInMs: 0 }
  return [voted(0, 0), catchUp, made, voted(2, 3000), voted(3, 0), voted(4, 0), catchUp]
}

/** Whoever makes a poll stops before it is confirmed, and votes come that should meet it. */
const unconfirmed = (chance: Chance): Decision[] => {
  const voted = (poll: number): Decision =>
    ({ ...decision(chance, { vote: 1 }), afterMs: 0, poll, kind: 'votes', backMs: 0 }) as Decision
  const how = chance.pick(['hangs', 'hangs', 'dies', 'refused', 'answer lost'] as const)
  const call = chance.pick(['putPending', 'confirm', 'confirm', 'voidPending'])
  const meeting = { ...decision(chance, { deliver: 1 }), size: 12 } as Extract<Decision, { do: 'deliver' }>
  return [
    { ...aPoll(chance), opensInMs: 0, fault: { call, how } },
    { afterMs: chance.number(1500, 3500), do: 'catch up' },
    ...[1, 2, 3, 4].map(voted),
    chance.oneIn(2) ? { ...meeting, fault: { call: 'voidPending', how: 'hangs' } } : meeting,
    ...(chance.oneIn(2) ? [{ afterMs: 0, do: 'resume', task: 'newest' } as const] : []),
    { afterMs: 100, do: 'catch up' },
  ]
}

/** What may come between two calls. */
const between = {
  vote: 4,
  deliver: 8,
  close: 3,
  'close by hand': 2,
  export: 2,
  split: 3,
  merge: 3,
  throttle: 1,
  move: 1,
  create: 1,
  'catch up': 1,
}

/** Somebody who closes or exports stands still between two calls, others do something, and then it goes on. */
const meanwhile = (chance: Chance): Decision[] => {
  const who = chance.weighted({ closer: 3, exporter: 2 })
  const what = who === 'exporter' ? { export: 1 } : { close: 6, 'close by hand': 3, 'note caught up': 1 }
  const call = chance.oneIn(2) ? chance.number(1, 10) : chance.pick<string>(calls[who])
  const stopped = { ...decision(chance, what), afterMs: 0, fault: { call, how: 'hangs' } } as Decision
  const others = Array.from({ length: chance.number(1, 4) }, () => decision(chance, between))
  const resumed = { ...decision(chance, { resume: 1 }), task: 'newest' } as Decision
  return [stopped, ...others, resumed]
}

/** The last calls, of which a result and a last line depend. */
const lastCalls = {
  closer: ['putLedger', 'finishPoll', 'finishPoll', 'lookBeyond', 'putControl', 'readPoll'],
  exporter: [
    'readHeads',
    'readLedger',
    'writeHeads',
    'isSent',
    'readPoll',
    'sendLine',
    'markExported',
    'putLedger',
  ],
} as const

/** A poll becomes final and is exported, and something goes wrong at that. */
const ending = (chance: Chance): Decision[] => {
  const faultOf = (who: keyof typeof lastCalls): Fault => ({
    call: chance.pick<string>(lastCalls[who]),
    how: chance.pick(['refused', 'answer lost', 'dies', 'hangs']),
  })
  const close = (fault?: Fault): Decision => ({
    afterMs: 0,
    do: 'close',
    closer: chance.number(0, 1),
    rounds: 2,
    ...(fault && { fault }),
  })
  const catchUp: Decision = { afterMs: 100, do: 'catch up' }
  const exported = (fault?: Fault): Decision => ({
    afterMs: 0,
    do: 'export',
    exporter: chance.number(0, 1),
    behind: 0,
    takes: 'all',
    seriesTakes: 'all',
    ...(fault && { fault }),
  })
  return [
    ...(chance.oneIn(2) ? [decision(chance, { split: 1, merge: 1 })] : []),
    { afterMs: 0, do: 'close by hand', poll: chance.number(0, 2) },
    { ...close(faultOf('closer')), afterMs: 2500 },
    close(),
    catchUp,
    close(faultOf('closer')),
    close(),
    exported(faultOf('exporter')),
    decision(chance, { resume: 1, vote: 1, deliver: 1 }),
    exported(faultOf('exporter')),
  ]
}
