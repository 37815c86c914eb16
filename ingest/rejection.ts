/**
 * Why an accepted vote was not counted (design, section 5), in the order in which the rules are asked.
 * A rejection is a value: it is counted under its reason, never thrown.
 */
export const rejectionReasons = [
  'malformed',
  'unsupported_version',
  'unknown_poll',
  'closed',
  'unknown_option',
  'not_open_yet',
] as const

export type RejectionReason = (typeof rejectionReasons)[number]

/** How often each reason occurred; a reason that never occurred is absent. */
export type Rejections = Partial<Record<RejectionReason, number>>
