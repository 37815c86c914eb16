/** dynalite 4 has no types of its own; these are the parts used here. */
declare module 'dynalite' {
  import type { Server } from 'node:http'

  type DynaliteOptions = {
    /** Folder of the LevelDB store; in memory where it is missing. */
    path?: string
    createTableMs?: number
    deleteTableMs?: number
    updateTableMs?: number
  }

  /** The server's `close` also closes the store. */
  export default function dynalite(options: DynaliteOptions): Server
}

declare module 'dynalite/db/index.js' {
  const db: {
    create(options: { path: string }): { db: { open(): Promise<void>; close(): Promise<void> } }
  }
  export default db
}
