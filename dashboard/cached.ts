/** A value that is read again once it is older than `maxAgeMs`; calls in between share one reading, a failure is not kept. */
export const cached = <T>(
  read: () => Promise<T>,
  maxAgeMs: number,
  now: () => number,
): (() => Promise<T>) => {
  let kept: Promise<T> | undefined
  let readAt = 0
  return () => {
    if (kept === undefined || now() - readAt >= maxAgeMs) {
      readAt = now()
      const reading = read()
      kept = reading
      reading.catch(() => {
        // It may have failed late, when a newer reading has taken its place.
        if (kept === reading) kept = undefined
      })
    }
    return kept
  }
}
