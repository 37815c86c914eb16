import type { WorkerPool } from './worker-pool.ts'

/** A function as the pipeline's configuration names it. */
export type FunctionSettings = { functionName: string; timeoutSeconds: number }

/** Invokes a function with a JSON event. Rejects when it fails; otherwise resolves to what it answered. */
export const invoke = async <Answer>(
  pool: WorkerPool,
  { functionName, timeoutSeconds }: FunctionSettings,
  event: object,
): Promise<Answer> => {
  const payload = { kind: 'json' as const, json: JSON.stringify(event) }
  const result = await pool.invoke({ functionName, timeoutMs: timeoutSeconds * 1000, payload })
  if (!result.ok) throw new Error(result.error)
  return JSON.parse(result.json)
}
