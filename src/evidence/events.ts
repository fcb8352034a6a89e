// The journal's lines. Every role stamps its own events with the machine-wide monotonic clock, in milliseconds;
// lines of different roles may be out of order by up to a batch (about 100 ms), lines of one role never are.
//
//   {"type":"run",…}            once, when the load is about to begin; only process, health and note lines come before it
//   {"type":"phase"|"request"|"arrival"|"departure"|"connection"|"attempt"|"fault"|"transition"|"health"|"load"|"sockets"|"process"|"note",…}
//   {"type":"end",…}            last line; a journal without it is incomplete
//
// Every line begins with its type, so that a reader can pass over lines without parsing them.
import type { BreakerTransition } from '../contract/breaker-events.ts'
import type { FrontEvent } from '../contract/front-events.ts'
import type { Ms } from '../kernel/clock.ts'
import type { Outcome } from '../contract/outcome.ts'

export type Role = 'conductor' | 'upstreams' | 'toxiproxy' | 'gateway' | 'load'

export interface RunEvent {
  type: 'run'
  t: Ms
  schemaVersion: 2
  scenario: string
  seed: number
  /** Prefix of this run's request ids. */
  run: string
  /** Monotonic time of load start: `t - origin` is the plan's time. */
  origin: Ms
  /** Wall-clock time of `origin`, ISO 8601 UTC. */
  startedAt: string
}

export interface PhaseEvent {
  type: 'phase'
  t: Ms
  phase: string
  edge: 'start' | 'end'
}

/** One client request, written when it ended. */
export interface RequestEvent {
  type: 'request'
  /** When the last byte arrived, or the request was given up. */
  t: Ms
  id: string
  /** Ordinal of the arrival in the plan, from 0. */
  index: number
  /** When the plan wanted it sent; latency is `t - due`. */
  due: Ms
  /** When it was sent; lateness is `sent - due`, service time `t - sent`. */
  sent: Ms
  /** Its name in the plan's mix. */
  route: string
  /** Who asked, where the route names identities. */
  identity?: string
  method: string
  outcome: Outcome
  /** 0 when no status line arrived. */
  status: number
  /** `x-gateway-error` or the client's own error code, when the outcome is not ok. */
  error?: string
  /** From `sent` to the head of the answer; absent when none arrived. The fields below are of as much of the answer as arrived. */
  firstByteMs?: Ms
  /** The longest time without a byte, from the head to the end; absent below 1 ms. */
  gapMs?: Ms
  /** Bytes of the body. */
  length?: number
  /** `bodyChecksum` of those bytes; absent when there are none. */
  checksum?: string
  /** False when the body says that it is JSON and is not; bodies above 1 MiB are not looked at. */
  parses?: false
  /** Whole events of a stream: server-sent events, or lines of NDJSON. */
  events?: number
  /** The stream ended in the middle of an event, or with its connection. */
  streamCut?: true
  /** What an event of the stream says went wrong: `event: error`, or an object with an `error`. At most 80 characters. */
  streamError?: string
}

/** One request as a fake upstream received it. */
export interface ArrivalEvent {
  type: 'arrival'
  t: Ms
  upstream: string
  /** Ordinal at this upstream, from 0: what fault decisions are keyed by. */
  ordinal: number
  /** The client's `x-request-id`; empty when the gateway does not pass it on. */
  request: string
  /** How often this request id has arrived here, from 1; 0 when `request` is empty. */
  attempt: number
  /** Unfinished requests at this upstream, this one included. */
  concurrent: number
  route: string
  method: string
  /** Whether repeating it is safe: a safe or idempotent method, or an Idempotency-Key. */
  idempotent: boolean
  /** The first 16 hex digits of the SHA-256 of its Idempotency-Key; absent without one. */
  key?: string
  /** `bodyChecksum` of its body; empty when it has none. */
  bodyHash: string
  /** Ids of the faults applied to it (F1 …); absent when none. */
  faults?: string[]
}

/** The end of an arrival. */
export interface DepartureEvent {
  type: 'departure'
  t: Ms
  upstream: string
  ordinal: number
  /** 0 when no status was sent. */
  status: number
  /** The peer went away before the answer was complete. */
  clientGone: boolean
  /** False when the fake spoiled its own answer: cut off, malformed, or never given. A faulted status is whole. */
  whole: boolean
  /** Bytes of the body that were sent. */
  length: number
  /** `bodyChecksum` of those bytes; absent when there are none. */
  checksum?: string
}

/** A fault's life: asked for, acknowledged, seen to act by a probe of the stage, and the same for its end. */
export interface FaultEvent {
  type: 'fault'
  t: Ms
  fault: string
  edge: 'requested' | 'acknowledged' | 'bite' | 'clear_requested' | 'cleared' | 'failed'
  /** What was seen, or why it failed. */
  detail?: string
}

/** A breaker's change of state, as the gateway reports it. */
export interface TransitionEvent extends BreakerTransition {
  type: 'transition'
}

/** Once a second for each role that can be watched, and for the machine where it tells. */
export interface HealthEvent {
  type: 'health'
  t: Ms
  role: Role | 'machine'
  /** Event-loop delay over the past second, where the role is ours. */
  loopDelayP99?: Ms
  loopDelayMax?: Ms
  /** Processor time over wall time of the past second: 1 is one core. */
  cpu?: number
  rssBytes?: number
  /** Of a virtual machine: what its host withheld of the processor time that the past second had work for (0–1). */
  stolen?: number
}

/** Once a second from the load generator: cumulative counts. */
export interface LoadEvent {
  type: 'load'
  t: Ms
  /** Arrivals due so far, sent so far, ended so far. */
  due: number
  sent: number
  ended: number
  inFlight: number
  /**
   * Requests that ended since the load event before: how many by outcome (absent: none), and the p95 of their latencies from due,
   * `ok` only (null: none).
   */
  last?: { outcomes: Partial<Record<Outcome, number>>; p95: Ms | null }
}

/** Once a second from each fake upstream. */
export interface SocketsEvent {
  type: 'sockets'
  t: Ms
  upstream: string
  open: number
}

export interface ProcessEvent {
  type: 'process'
  t: Ms
  role: Role
  edge: 'started' | 'ready' | 'stopping' | 'exited'
  pid?: number
  code?: number | null
  signal?: string | null
  /** True when nobody asked it to end. */
  unexpected?: boolean
  /** The last lines of its standard error, when it ended by itself. */
  stderr?: string
}

/** Something a reader of the report should know: a lost event stream, a gap in sequence numbers. */
export interface NoteEvent {
  type: 'note'
  t: Ms
  /** `events_unavailable`, `events_lost`, `events_gap`, `events_unreadable`, … */
  code: string
  text: string
}

export interface EndEvent {
  type: 'end'
  t: Ms
  reason: 'complete' | 'interrupted' | 'failed'
  detail?: string
}

export type JournalEvent =
  | RunEvent
  | PhaseEvent
  | RequestEvent
  | ArrivalEvent
  | DepartureEvent
  | FrontEvent
  | FaultEvent
  | TransitionEvent
  | HealthEvent
  | LoadEvent
  | SocketsEvent
  | ProcessEvent
  | NoteEvent
  | EndEvent

/**
 * The prefix of a run's request ids. No two runs share one, not even with the same seed: a gateway that outlives a run may still
 * retry its requests, or remember its idempotency keys, while the next is on.
 */
export function runId(seed: number, startedAt: Date): string {
  return `${seed.toString(36)}x${startedAt.getTime().toString(36)}`
}

/** Request ids carry the arrival's ordinal, so that an upstream's log can be joined to the plan without a table. */
export function requestId(run: string, index: number): string {
  return `${run}-${index.toString(36)}`
}

/** The ordinal inside a request id of ours; undefined for a foreign one. */
export function requestIndex(run: string, id: string): number | undefined {
  if (!id.startsWith(`${run}-`)) return undefined
  const index = id.slice(run.length + 1)
  // A gateway that adds to the id of a request to tell its attempts apart has made an id of its own.
  return /^[0-9a-z]+$/.test(index) ? Number.parseInt(index, 36) : undefined
}
