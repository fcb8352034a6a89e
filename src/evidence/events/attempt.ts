// One request head as it passed the proxy's front, on its way to the upstream: it is counted even if a network fault swallows it.
import { defineJoined, optional, text, whole } from './event.ts'

export const attempt = defineJoined({
  upstream: text,
  /** The connection that it came on, as in `connection`. */
  connection: whole,
  /** The client's `x-request-id`; empty when the gateway does not pass it on. */
  request: text,
  method: text,
  path: text,
  /** The first 16 hex digits of the SHA-256 of its Idempotency-Key; absent without one. */
  key: optional(text),
})
