/** An endpoint that is held to the rules. */
export type EndpointUnderTest = {
  name: string
  start(): Promise<{ url: string; stop(): Promise<void> }>
  /** By the rules' names: what it does instead. */
  differences: Readonly<Record<string, string>>
  /** By the rules' names: why it is not even asked. */
  unasked?: Readonly<Record<string, string>>
}
