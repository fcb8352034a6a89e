// One client request, written when it ended.
import { outcomeNames } from '../../contract/outcome.ts'
import { defineJoined, exactly, number, oneOf, optional, text, texts, whole } from './event.ts'

/** `t`: when the last byte arrived, or the request was given up. */
export const request = defineJoined({
  id: text,
  /** Ordinal of the arrival in the plan, from 0. */
  index: whole,
  /** When the plan wanted it sent; latency is `t - due`. */
  due: number,
  /** When it was sent; lateness is `sent - due`, service time `t - sent`. */
  sent: number,
  /** Its name in the plan's mix. */
  route: text,
  /** Who asked, where the route names identities. */
  identity: optional(text),
  method: text,
  outcome: oneOf(outcomeNames),
  /** 0 when no status line arrived. */
  status: whole,
  /** `x-gateway-error` or the client's own error code, when the outcome is not ok. */
  error: optional(text),
  /** From `sent` to the head of the answer; absent when none arrived. The fields below are of as much of the answer as arrived. */
  firstByteMs: optional(number),
  /** The longest time without a byte, from the head to the end; absent below 1 ms. */
  gapMs: optional(number),
  /** Bytes of the body. */
  length: optional(whole),
  /** `bodyChecksum` of those bytes; absent when there are none. */
  checksum: optional(text),
  /** The same of a body that came compressed, as it was before; where a criterion asks for it, and it can be told. */
  plainLength: optional(whole),
  plainChecksum: optional(text),
  /** What criteria ask answers to carry, by key: what this one carries, and what it lacks. */
  carries: optional(texts),
  lacks: optional(texts),
  /** False when the body says that it is JSON and is not; bodies above 1 MiB are not looked at. */
  parses: optional(exactly(false)),
  /** Whole events of a stream: server-sent events, or lines of NDJSON. */
  events: optional(whole),
  /** From `sent` to the first whole event; absent when none arrived. */
  firstEventMs: optional(number),
  /** The longest time without a whole event, from the first one to the end of the answer. */
  eventGapMs: optional(number),
  /** Over the whole events, in order; where a criterion asks for it, and there are any. */
  eventsChecksum: optional(text),
  /** The stream ended in the middle of an event, or with its connection. */
  streamCut: optional(exactly(true)),
  /** What an event of the stream says went wrong: `event: error`, or an object with an `error`. At most 80 characters. */
  streamError: optional(text),
})
