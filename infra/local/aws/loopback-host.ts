const loopbackHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i

/**
 * Whether a `Host` or `:authority` names this machine. A page of another site can reach a loopback port by letting
 * its own name resolve to 127.0.0.1 (DNS rebinding); its requests then carry that name.
 */
export const isLoopbackHost = (host: string | undefined): boolean =>
  host !== undefined && loopbackHost.test(host)
