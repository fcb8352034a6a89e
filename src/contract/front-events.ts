// What the embedded Toxiproxy tells of its clients, where it stands as a front: their connections, and the HTTP/1.x requests on them.
// The canary's requests are the harness's own: they are not told.
import type { Ms } from '../kernel/clock.ts'

/** The proxy before the gateway's own store, a name that no upstream can have. What passes there is no request, and is not told. */
export const STORE_PROXY = 'redis.store'

/** A client's connection begins or ends. */
export interface ConnectionEvent {
  type: 'connection'
  /** On the machine's monotonic clock. */
  t: Ms
  /** The proxy's name. */
  upstream: string
  /** Ordinal of the connection at its proxy, from 0. */
  connection: number
  edge: 'opened' | 'closed'
  /** Something else than HTTP/1.x passed (TLS, HTTP/2, a tunnel): requests may have gone unseen. Told at the end. */
  opaque?: true
  /** Nothing but canary requests passed. Told at the end. */
  canary?: true
}

/** A client has sent the head of a request, whole. */
export interface AttemptEvent {
  type: 'attempt'
  t: Ms
  upstream: string
  connection: number
  /** The request id; empty when there is none. */
  request: string
  method: string
  /** Without the query. */
  path: string
  /** `keyHash` of the idempotency key; absent without one. */
  key?: string
}

export type FrontEvent = ConnectionEvent | AttemptEvent
