/** What has gone out: per part its bytes, and per poll its last line; and which parts are marked sent, in that order. */
export type Archive = {
  parts: Map<string, string>
  lastLines: Map<string, string>
  sent: Set<string>
}

export const emptyArchive = (): Archive => ({ parts: new Map(), lastLines: new Map(), sent: new Set() })

export const keyOf = (shardId: string, number: number): string => `${shardId}#${number}`
