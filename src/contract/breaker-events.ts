// What a gateway tells of its breakers, as server-sent events: `id` is the sequence number, `data` the event as JSON.
import type { Ms } from '../kernel/clock.ts'

export const breakerStates = ['closed', 'open', 'half_open'] as const
export type BreakerState = (typeof breakerStates)[number]

/** For people: half-open. */
export const stateWord = (state: BreakerState): string => (state === 'half_open' ? 'half-open' : state)

/** A breaker's change of state. */
export interface BreakerTransition {
  /** From 1, without holes. */
  sequence: number
  /** On the machine's monotonic clock. */
  t: Ms
  upstream: string
  from: BreakerState
  to: BreakerState
  /** `failures`, `failure_rate`, `slow_rate`, `recovery_elapsed`, `probe_failed`, `probe_lost`, `probes_succeeded`, `reset`, `forced`; `restarted` is the stage's own. */
  cause: string
  /** What was counted when it happened, and what it was compared with. */
  failures?: number
  threshold?: number
}

export const alertSeverities = ['warning', 'critical'] as const
export const alertEdges = ['start', 'end'] as const

/** An alert that begins or ends. It shares the stream and its sequence numbers. */
export interface AlertEvent {
  type: 'alert'
  sequence: number
  t: Ms
  rule: string
  severity: (typeof alertSeverities)[number]
  edge: (typeof alertEdges)[number]
  /** What it is about, such as an upstream. Absent: the gateway as a whole. */
  subject?: string
}

/** Whatever the stream carries. */
export type GatewayEvent = BreakerTransition | AlertEvent
