// What a live stage is given, and what it tells while it plays.
import type { FaultEvent, TransitionEvent } from '../../evidence/events.ts'
import type { JournalWriter } from '../../evidence/journal.ts'
import type { Ms } from '../../kernel/clock.ts'
import type { Plan } from '../../plan/plan.ts'
import type { GatewayChoice } from './gateway-process.ts'
import type { LoadTick } from './load/generator.ts'

export interface StageOptions {
  plan: Plan
  /** Absolute path of the scenario's modules is in the plan; this is where the run's files go. */
  folder: string
  journal: JournalWriter
  gateway: GatewayChoice
  /** Path that answers 2xx when the gateway is ready. */
  readyPath: string
  readyWithinMs: Ms
  /** `embedded`, or another choice of `startToxiproxy`. */
  toxiproxy: string
  /** Fixed ports for the proxies by upstream, for a gateway that cannot be told. */
  listen: Record<string, number>
  /** Aborting it stops the run, undoes everything, and keeps what was recorded. */
  signal: AbortSignal
  onProgress: (progress: Progress) => void
}

export type Progress =
  | { is: 'ready'; afterMs: Ms; proxies: Record<string, string> }
  | { is: 'phase'; name: string; atMs: Ms }
  | { is: 'fault'; event: FaultEvent; atMs: Ms }
  | { is: 'transition'; event: TransitionEvent; atMs: Ms }
  | { is: 'tick'; tick: LoadTick }
