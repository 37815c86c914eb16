/** Waits until `holds` gives something true, and gives that; the test's own time-out bounds it. */
export const until = async <T>(holds: () => T | Promise<T>): Promise<NonNullable<T>> => {
  for (;;) {
    const found = await holds()
    if (found) return found
    await new Promise((resume) => setTimeout(resume, 10))
  }
}
