// Request faults: what a fake upstream does wrong, decided per request ordinal from the seed.
import type { Ms } from '../kernel/clock.ts'

/** A span drawn per request. `logNormal` is given by its median and the standard deviation of its logarithm. */
export type Latency = { is: 'fixed'; ms: Ms } | { is: 'uniform'; minMs: Ms; maxMs: Ms } | { is: 'log_normal'; medianMs: Ms; sigma: number }

/** What happens to a request that is hit. */
export type RequestFault =
  /** Answers with a status; the body is the upstream's own error shape unless given. `retryAfter` is sent as it is written. */
  | { is: 'status'; status: number; retryAfter?: string }
  /** Waits before answering, on top of the healthy latency. */
  | { is: 'latency'; latency: Latency }
  /** Accepts and never answers. */
  | { is: 'hang' }
  /** Destroys the connection: before any byte of the answer, or after `fraction` (0–1) of its body. */
  | { is: 'disconnect'; when: 'before_headers' | 'mid_body'; fraction?: number }
  /** Promises a full Content-Length, sends `fraction` of it, ends the connection in an orderly way. */
  | { is: 'truncated'; fraction: number }
  /** A complete answer whose body does not parse as its Content-Type says. */
  | { is: 'malformed' }
  /** Sends the body in `pieces` pieces with `intervalMs` between them. */
  | { is: 'drip'; pieces: number; intervalMs: Ms }

/** Which requests a fault hits. All given conditions must hold; none given: every request. `routes` and `methods` select what `first` and `every` count. */
export interface Hits {
  /** This share (0–1) of requests, by a draw keyed by seed, fault and request ordinal. */
  share?: number
  /** Only the first n requests after the fault was set. */
  first?: number
  /** Every n-th request after the fault was set, beginning with the n-th. */
  every?: number
  /** Only the first n attempts of each request id: a retry passes. */
  attempts?: number
  routes?: string[]
  methods?: string[]
}

/** A request fault as it is set through the control API: `PUT /faults/F1`. */
export interface ActiveFault {
  id: string
  fault: RequestFault
  hits: Hits
}
