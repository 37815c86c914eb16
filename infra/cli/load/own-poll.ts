/** How the instance is looked for (design, section 9). */
export type Where = { endpointUrl: string | undefined; dataDir: string; aws: boolean }

/** The address of the running instance. */
export const instanceUrl = async (where: Where): Promise<string> => {
  throw new Error(`not yet ${where.dataDir}`)
}

/** Creates a poll and waits until it is open. */
export const ownPoll = async (where: Where, id: string, options: readonly string[]): Promise<void> => {
  throw new Error(`not yet ${where.dataDir} ${id} ${options}`)
}
