import { expect } from 'vitest'

/** Expects a call to be refused by an error of one of these types, and returns its message. */
export const refused = async (call: Promise<unknown>, ...types: string[]): Promise<string> => {
  const outcome = await call.then(
    () => ({ name: 'nothing was refused', message: '' }),
    (error: Error) => error,
  )
  expect(types, `${outcome.name}: ${outcome.message}`).toContain(outcome.name)
  return outcome.message
}
