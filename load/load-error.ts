/** A scenario or benchmark that could not be carried out; the message is all that a user needs. */
export class LoadError extends Error {
  override name = 'LoadError'
}
