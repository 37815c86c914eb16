/** Where something goes wrong: at its n-th call, or the first one of that name, counted from when it was last let run. */
export type Fault = {
  call: number | string
  /**
   * `refused`: the call fails and has done nothing. `answer lost`: it did its work and fails all the same. `dies`: nothing is
   * heard of the caller again. `hangs`: whoever waits for it gives up, but it goes on later, when it is resumed.
   */
  how: 'refused' | 'answer lost' | 'dies' | 'hangs'
}

/** A failure that the simulation made, and not the product. */
export class MadeFailure extends Error {
  override name = 'MadeFailure'
}

export type Who = 'creator' | 'aggregator' | 'closer' | 'exporter' | 'reader'

/** Something that runs: an invocation, a run of the closer, a reader. It stands still before each of its calls. */
export type Task = {
  who: Who
  /** Whose work it does: a later one with the same is its successor. */
  work: string
  /** Its place among those, in the order in which they began. */
  number: number
  /** What went wrong since it was last let run, and at which call. */
  faults: { how: Fault['how']; call: string }[]
  /** The call before which it hangs. */
  hangsAt?: string
  state: 'running' | 'hanging' | 'done' | 'failed' | 'dead'
  error?: unknown
  /** Nothing is to go wrong with it, so its calls do not wait. */
  direct: boolean
  /** Calls that wait for their turn, oldest first. */
  waiting: { call: string; go: (fate: 'go' | 'refused' | 'answer lost') => void }[]
}

/** The port with each of its calls waiting for its turn in the task that is at work; `now` is no call. */
export const inTurns = <Port extends object>(port: Port, atWork: () => Task): Port => {
  const inTurn =
    (name: string, call: (...args: unknown[]) => unknown) =>
    async (...args: unknown[]): Promise<unknown> => {
      const task = atWork()
      if (task.direct) return call(...args)
      const fate = await new Promise<'go' | 'refused' | 'answer lost'>((go) =>
        task.waiting.push({ call: name, go }),
      )
      if (fate === 'refused') throw new MadeFailure('refused')
      const answer = await call(...args)
      if (fate === 'answer lost') throw new MadeFailure('answer lost')
      return answer
    }
  const entries = Object.entries(port).map(([name, value]) => [
    name,
    typeof value === 'function' && name !== 'now' ? inTurn(name, value as never) : value,
  ])
  return Object.fromEntries(entries) as Port
}

export const newTask = (who: Who, work: string = who, number = 0, direct = true): Task => ({
  who,
  work,
  number,
  state: 'running',
  direct,
  waiting: [],
  faults: [],
})

/** Turns after which what is still running waits for something that nobody will do. */
const maxTurns = 1000

/** Runs a task until it has ended, died or hangs. */
export const runTask = async (task: Task, work: () => Promise<void>, fault?: Fault): Promise<void> => {
  work().then(
    () => {
      task.state = 'done'
    },
    (error: unknown) => {
      task.state = 'failed'
      task.error = error
    },
  )
  if (!task.direct) return letRun(task, fault)
  for (let turn = 1; task.state === 'running' && turn <= maxTurns; turn += 1) await settled()
}

/** Lets a task run, until it has ended, died or hangs. No other runs meanwhile. */
export const letRun = async (task: Task, fault?: Fault): Promise<void> => {
  if (task.state === 'hanging') task.state = 'running'
  let isOver = false
  for (let call = 1; ; call += 1) {
    await settled()
    const next = task.waiting[0]
    if (task.state !== 'running' || next === undefined) return
    const isFaulty = !isOver && (fault?.call === call || fault?.call === next.call)
    const how = isFaulty ? fault?.how : undefined
    if (how !== undefined) {
      task.faults.push({ how, call: next.call })
      isOver = true
    }
    if (how === 'dies' || how === 'hangs') {
      task.state = how === 'dies' ? 'dead' : 'hanging'
      task.hangsAt = next.call
      return
    }
    task.waiting.shift()
    next.go(how ?? 'go')
  }
}

/** All that can go on without an answer from outside has gone on: promises are served before immediates. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
