/** Where something dies: at its n-th call, before the call reaches the table or the stream, or after it did its work. */
export type Crash = { call: number; after: boolean } | undefined

/** A port whose n-th call of an asynchronous function fails; what it did by then stays done. */
export const crashing = <Port extends object>(port: Port, crash: Crash, count = { calls: 0 }): Port => {
  const guard =
    (call: (...args: unknown[]) => unknown) =>
    (...args: unknown[]): unknown => {
      count.calls += 1
      const dies = count.calls === crash?.call
      if (dies && !crash?.after) throw new Error('crashed before the call')
      const result = call(...args)
      if (!dies) return result
      return Promise.resolve(result).then(() => {
        throw new Error('crashed after the call')
      })
    }
  const entries = Object.entries(port).map(([name, value]) => [
    name,
    typeof value === 'function' && name !== 'now' ? guard(value as never) : value,
  ])
  return Object.fromEntries(entries) as Port
}
