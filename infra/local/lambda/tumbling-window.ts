/**
 * The rules of a tumbling window, from its first record to its end (Lambda developer guide, services-kinesis-windows).
 * They hold for one shard, whose records come in order, one invocation at a time. Where AWS does not say what happens,
 * the comment at the place does; nothing in Placar rests on those choices.
 */

/** A tumbling window `[start, end)` in epoch ms. */
export type Window = { start: number; end: number }

/** The window that a shard is in between two invocations, and what the last one answered as its state, as JSON text. */
export type OpenWindow = { window: Window; state: string }

/** What an event says of its window, beside the records. */
export type WindowFields = OpenWindow & { isFinalInvokeForWindow: boolean; isWindowTerminatedEarly: boolean }

/**
 * 1. A record's arrival timestamp decides which window it belongs to; one that arrives exactly at a window's end
 * belongs to the next. Windows are aligned to the epoch (so in all of AWS's examples, and stated nowhere).
 */
export const windowOf = (arrivalMs: number, windowMs: number): Window => {
  const start = Math.floor(arrivalMs / windowMs) * windowMs
  return { start, end: start + windowMs }
}

/** 2. So a batch, which is of one window, ends before the first record of another, earlier or later. */
export const isWithin = ({ start, end }: Window, arrivalMs: number): boolean =>
  arrivalMs >= start && arrivalMs < end

const freshState = '{}'

/** 3. A window's first invocation gets an empty state, each further one what its predecessor answered. */
export const batchFields = (open: OpenWindow | undefined, window: Window): WindowFields => ({
  window,
  state: open?.window.start === window.start ? open.state : freshState,
  isFinalInvokeForWindow: false,
  isWindowTerminatedEarly: false,
})

/**
 * 4. An answer must have a state, or the invocation has failed; a state that is no object is none. A failure leaves
 * the window as it was: what is tried again gets the same state. So does what comes after a discarded batch (AWS does
 * not say).
 *
 * @returns the state as JSON text; `undefined` where there is none
 */
export const stateOf = (answer: unknown): string | undefined => {
  if (typeof answer !== 'object' || answer === null || !('state' in answer)) return undefined
  return typeof answer.state === 'object' && answer.state !== null ? JSON.stringify(answer.state) : undefined
}

/** Lambda's limit of a shard's state: 1 MB, which we read as MiB of UTF-8 JSON. */
export const maxStateBytes = 1024 * 1024

/** 5. A state over the limit ends the window early. */
const isTooLarge = ({ state }: OpenWindow): boolean => Buffer.byteLength(state) > maxStateBytes

/** What is known of a shard when it is looked at: the next record, or that there is none. Times are epoch ms. */
export type Ahead =
  | { arrivalMs: number }
  | { nowMs: number /** The shard was split or merged, and is read to its end. */; hasEnded: boolean }

/**
 * 6. A window is over when its state is too large, before the first record of another window, when its shard has
 * ended (its children start afresh), and when it has ended and no record came for a while (AWS: up to two minutes).
 * A window without records is never opened, and so never closed.
 */
export const isOver = (open: OpenWindow, ahead: Ahead, idleCloseMs: number): boolean => {
  if (isTooLarge(open)) return true
  if ('arrivalMs' in ahead) return !isWithin(open.window, ahead.arrivalMs)
  return ahead.hasEnded || ahead.nowMs >= open.window.end + idleCloseMs
}

/**
 * 7. Then, before anything else of the shard, the function is invoked for that window a last time, with its state.
 * AWS does not say whether this final invoke carries records; ours never does. It is repeated until it succeeds:
 * "your Lambda function suspends further processing until a successful invocation". The same page says that windows
 * support the retry limits, and not which of the two wins; for us the sentence does.
 *
 * When it was the state, `isWindowTerminatedEarly` is true as well. AWS's event types say that the "subsequent invoke
 * will continue the same window with a fresh state", and not whether `isFinalInvokeForWindow` is true, nor whether the
 * event has the state that was too large. Ours is final and has it: a function that flushes when told "final" loses
 * nothing.
 */
export const finalFields = (open: OpenWindow): WindowFields => ({
  ...open,
  isFinalInvokeForWindow: true,
  isWindowTerminatedEarly: isTooLarge(open),
})

/*
 * 8. After it no window is open, and the state is gone, whatever was answered. Further records of the window open it
 * again with an empty state, and it is closed once more: so after an early end, and so when an arrival steps back into
 * a window that is over (which AWS does not mention). If none come, there is no second final invoke.
 */
