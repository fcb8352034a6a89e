// What plays a plan: the live stage with real processes and sockets, or a simulated one on a virtual clock.
//
//   stage ── open ──▶ open stage ── play(plan) ──▶ events into the sink ──▶ how it ended
//                          └─────── play(plan) ──▶ …      one plan after the other
import type { EndEvent } from '../evidence/events.ts'
import type { EventSink } from '../evidence/event-sink.ts'
import type { Ms } from '../kernel/clock.ts'
import type { Plan } from '../plan/plan.ts'

export interface Stage {
  readonly kind: 'live' | 'simulated'
  /**
   * Starts what every plan with the upstreams of `first` can share.
   * @throws GatecrashError when the stage cannot be set up (`port_taken`, `component_missing`, `child_failed` …), or `interrupted`
   */
  open(first: Plan, signal: AbortSignal): Promise<OpenStage>
}

export interface OpenStage extends AsyncDisposable {
  readonly toxiproxy: { kind: string; version: string }
  /** The stage's own clock, which stamps its events. Absent: the machine's. */
  now?(): Ms
  /** Base URL of each upstream as a gateway reaches it: through the proxy. Empty where there is no socket. */
  readonly proxies: Readonly<Record<string, string>>
  /**
   * Plays a plan and writes all of its events but the last one, `end`. Every play has a run id of its own, and begins without faults.
   * Upstreams, load and gateway begin anew with each play. What carries over: the Toxiproxy server with its connections and its
   * draws, and everything that a gateway given by URL remembers, such as its breakers.
   * @throws GatecrashError when the plan could not be begun (`gateway_not_ready`, `child_failed` …, `interrupted`), or `usage` when
   *   it has other upstreams or another plan is being played
   */
  play(plan: Plan, on: PlayOptions): Promise<StageEnd>
  /** Ends everything that was started and takes back everything that was done. */
  close(): Promise<void>
}

export interface PlayOptions {
  sink: EventSink
  /** Where files beside the journal go: the gateway's settings and its log. */
  folder: string
  /** Aborting it stops the play, takes faults off, and keeps what was written. */
  signal: AbortSignal
}

/** How a play ended; `detail` says why it failed. */
export type StageEnd = Pick<EndEvent, 'reason' | 'detail'>
