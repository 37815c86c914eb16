/** The types of slow-client.mjs, which says what it does. */
export declare const slowClient: (at: {
  host: string
  port: number
  path: string
  secure?: boolean
  patienceMs?: number
}) => Promise<string>
