/** The one table of what the front door refuses, and with which HTTP status (design, section 4). */
export const errorTable = {
  invalid_json: { status: 400 },
  invalid_vote: { status: 400 },
  invalid_request: { status: 400 },
  /** On AWS alone: a batch without an API key, or what the firewall takes for an attack. */
  forbidden: { status: 403 },
  not_found: { status: 404 },
  unknown_poll: { status: 404 },
  method_not_allowed: { status: 405 },
  request_timeout: { status: 408 },
  too_large: { status: 413 },
  unsupported_media_type: { status: 415 },
  throttled: { status: 429, retryAfterSeconds: 1 },
  unavailable: { status: 503, retryAfterSeconds: 1 },
} as const satisfies Record<string, { status: number; retryAfterSeconds?: number }>

export type ErrorCode = keyof typeof errorTable

/** A refusal: what goes over HTTP as `{"error","message"}`. The message says what was wrong and what was expected. */
export type Refusal = { error: ErrorCode; message: string }

export const refusal = (error: ErrorCode, message: string): Refusal => ({ error, message })
