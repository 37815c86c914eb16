/** What is stored of a point, and what is to be: its version, and its measures as one text. */
export type Stored = { version: number; measures: string }

/** What becomes of a point that is written over a stored one: AWS's rules for versions, in AWS's words. */
export const upsert = (
  stored: Stored | undefined,
  written: Stored,
): 'write' | 'keep' | { reason: string; existingVersion: number } => {
  if (stored === undefined || written.version > stored.version) return 'write'
  if (written.measures === stored.measures) return 'keep'
  return {
    existingVersion: stored.version,
    reason:
      written.version === stored.version
        ? 'A record already exists with the same time, dimensions, measure name, and record version. ' +
          'A higher record version must be specified in order to update the measure value. ' +
          'Specifying record version is supported by the latest SDKs.'
        : `The record version ${written.version} is lower than the existing version ${stored.version}. ` +
          'A higher version is required to update the measure value.',
  }
}
