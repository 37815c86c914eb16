type Falsy = false | '' | 0 | null | undefined

/** Waits until `holds` gives something true, and gives that; the test's own time-out bounds it. */
export const until = async <T>(holds: () => T | Promise<T>): Promise<Exclude<T, Falsy>> => {
  for (;;) {
    const found = await holds()
    if (found) return found as Exclude<T, Falsy>
    await new Promise((resume) => setTimeout(resume, 10))
  }
}
