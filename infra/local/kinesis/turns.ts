/** Runs changes one after another: each sees what the one before has done. */
export type Turns = <Result>(change: () => Promise<Result>) => Promise<Result>

export const turns = (): Turns => {
  let last: Promise<unknown> = Promise.resolve()
  return (change) => {
    const result = last.then(change)
    last = result.catch(() => {}) // a change that failed is its caller's; the next one goes on
    return result
  }
}
