// One request as a fake upstream received it.
import { defineJoined, flag, optional, text, texts, whole } from './event.ts'

/** The route of an arrival at a path that the fake does not have. It gets a 404. */
export const UNKNOWN_ROUTE = 'unknown'

export const arrival = defineJoined({
  upstream: text,
  /** Ordinal at this upstream, from 0: what fault decisions are keyed by. */
  ordinal: whole,
  /** The client's `x-request-id`; empty when the gateway does not pass it on. */
  request: text,
  /** How often this request id has arrived here, from 1; 0 when `request` is empty. */
  attempt: whole,
  /** Unfinished requests at this upstream, this one included. */
  concurrent: whole,
  route: text,
  method: text,
  /** Whether repeating it is safe: a safe or idempotent method, or an Idempotency-Key. */
  idempotent: flag,
  /** The first 16 hex digits of the SHA-256 of its Idempotency-Key; absent without one. */
  key: optional(text),
  /** `bodyChecksum` of its body; empty when it has none. */
  bodyHash: text,
  /** Ids of the faults applied to it (F1 …); absent when none. */
  faults: optional(texts),
  /**
   * The upstream has done something here that may be done once for each request: `keyHash` of what it was done for; empty when nobody can
   * tell. Absent: it has done nothing of this kind.
   */
  effect: optional(text),
})
