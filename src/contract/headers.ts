// The headers by which a gateway and the harness understand each other.

/** Made by the client, passed on to the upstream, and given back to the client: it joins what each of them saw. */
export const REQUEST_ID = 'x-request-id'

/** A request that carries one may be repeated as long as it carries the same one. */
export const IDEMPOTENCY_KEY = 'idempotency-key'

/** What a gateway says of an answer. A gateway that says nothing is judged by status, time and bodies alone. */
export const marks = {
  /** Why the gateway made this answer itself: a reason of refusals.ts. */
  error: 'x-gateway-error',
  /** What it takes the answer for: `ok`, `fallback`, or the outcome of its refusal. */
  outcome: 'x-gateway-outcome',
  /** How often it asked the upstream. */
  attempts: 'x-gateway-attempts',
  /** What answers in the upstream's place: `cached`, `static`, `route`. */
  fallback: 'x-gateway-fallback',
  /** Why the upstream itself did not: a reason of refusals.ts, or `upstream_status`. */
  fallbackReason: 'x-gateway-fallback-reason',
  /** How long the gateway took, such as `12.3ms`. */
  responseTime: 'x-response-time',
} as const

/** What only the gateway may say: taken off every upstream's answer, or an upstream could speak in its name. */
export const gatewayOnly: ReadonlySet<string> = new Set([...Object.values(marks), REQUEST_ID])
