// The end of an arrival.
import { defineJoined, exactly, flag, number, optional, text, whole } from './event.ts'

export const departure = defineJoined({
  upstream: text,
  ordinal: whole,
  /** 0 when no status was sent. */
  status: whole,
  /** The peer went away before the answer was complete. */
  clientGone: flag,
  /** False when the fake spoiled its own answer: cut off, malformed, or never given. A faulted status is whole. */
  whole: flag,
  /** Bytes of the body that were sent. */
  length: whole,
  /** `bodyChecksum` of those bytes; absent when there are none. */
  checksum: optional(text),
  /** How long its `retry-after` asks to wait, counted from now; absent without a readable one. */
  retryAfterMs: optional(number),
  /** A fault of the fake broke the connection off before the answer was complete. */
  brokenOff: optional(exactly(true)),
  /** Of an answer that is a stream of events: how many whole ones were sent, and the checksum over them, as in `request`. */
  events: optional(whole),
  eventsChecksum: optional(text),
  /** One of these events told of an error. */
  streamError: optional(text),
})
