import { readFileSync } from 'node:fs'

/** A mapping template of ingest/templates, as it is. */
export const template = (name: string): string =>
  readFileSync(new URL(`../../../ingest/templates/${name}.vtl`, import.meta.url), 'utf8')
