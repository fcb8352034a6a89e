// What became of one client request, as a class. Latency and error criteria are always over named classes:
// a rejection answered in a millisecond must never flatter p95.

export const outcomes = {
  ok: 'answered by the upstream, status below 400 (or a 4xx that the load expects)',
  fallback: 'answered by a fallback, and marked as one',
  rejected: 'refused by an open breaker',
  shed: 'refused by a bulkhead or an in-flight cap',
  limited: 'refused by a rate limit',
  upstream_error: 'an error without a mark of the gateway: passed on from the upstream, or a refusal that does not say so',
  timeout: 'the gateway gave up waiting',
  connection_error: 'no answer, or a broken one: refused, reset, cut short',
  damaged: 'answered, but the body is broken: it does not parse as what it says it is, or ends in the middle of an event',
  client_timeout: 'the load generator gave up waiting: what became of the request is unknown',
} as const

export type Outcome = keyof typeof outcomes
export const outcomeNames = Object.keys(outcomes) as Outcome[]

const places = new Map(outcomeNames.map((outcome, place) => [outcome, place]))

/** The place of an outcome in `outcomeNames`. Most are asked for `ok`, the first. */
export const outcomePlace = (outcome: Outcome): number => (outcome === 'ok' ? 0 : places.get(outcome)!)

/** Outcomes that a client sees as an error. A fallback is neither success nor error. */
export const errorOutcomes: readonly Outcome[] = outcomeNames.filter((name) => name !== 'ok' && name !== 'fallback')

/** The error of a damaged answer that came whole, and does not parse as what it says it is. */
export const NOT_PARSED = 'not_json'
