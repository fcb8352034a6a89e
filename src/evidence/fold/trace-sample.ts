// A few traces for people to read: the slowest good ones, the first that were tried again, and the first of each kind of failure, for every phase and route.
import { type Outcome } from '../../contract/outcome.ts'
import type { Ms } from '../../kernel/clock.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Trace } from '../trace.ts'

/** One request, at plan time. */
export interface SampledTrace {
  /** Why it was kept. */
  why: 'slow' | 'repeated' | Outcome
  phase: string
  route: string
  id: string
  identity?: string
  dueMs: Ms
  sentMs: Ms
  endedMs: Ms
  outcome: Outcome
  status: number
  error?: string
  attempts: SampledAttempt[]
}

export interface SampledAttempt {
  upstream: string
  route: string
  arrivedMs: Ms
  /** Null while it was under way. */
  departedMs: Ms | null
  status: number
  whole: boolean
  clientGone: boolean
  faults: string[]
}

const EACH = 3
// Of one phase and route: how many kinds of failure are kept, told apart by outcome, status and error.
const MAX_KINDS = 12
const MAX_ATTEMPTS_SHOWN = 20

interface Kept {
  slow: Trace[]
  /** Ended ok, after more than one attempt. */
  repeated: Trace[]
  byKind: Map<string, Trace[]>
}

export class TraceSample {
  readonly #plan: Plan
  readonly #origin: Ms
  /** By place of phase and route; a hole where nothing was seen. */
  readonly #kept: (Kept | undefined)[] = []

  constructor(plan: Plan, origin: Ms) {
    this.#plan = plan
    this.#origin = origin
  }

  trace(trace: Trace): void {
    const { request, phase, route } = trace
    if (!request) return
    const place = phase * this.#plan.load.mix.length + route
    const kept: Kept = (this.#kept[place] ??= { slow: [], repeated: [], byKind: new Map() })
    if (request.outcome === 'ok') {
      if (trace.attempts.length > 1 && kept.repeated.length < EACH) kept.repeated.push(trace)
      return keepSlow(kept.slow, trace)
    }
    const kind = `${request.outcome} ${request.status} ${request.error ?? ''}`
    const failed = kept.byKind.get(kind)
    if (failed) {
      if (failed.length < EACH) failed.push(trace)
    } else if (kept.byKind.size < MAX_KINDS) kept.byKind.set(kind, [trace])
  }

  result(): SampledTrace[] {
    const shown: SampledTrace[] = []
    for (const kept of this.#kept) {
      if (!kept) continue
      for (const trace of kept.slow) shown.push(this.#shown(trace, 'slow'))
      for (const trace of kept.repeated) shown.push(this.#shown(trace, 'repeated'))
      for (const traces of kept.byKind.values()) for (const trace of traces) shown.push(this.#shown(trace, trace.request!.outcome))
    }
    return shown
  }

  #shown({ phase, request, attempts }: Trace, why: SampledTrace['why']): SampledTrace {
    const { id, identity, due, sent, t, route, outcome, status, error } = request!
    const at = (time: Ms): Ms => time - this.#origin
    return {
      why,
      phase: this.#plan.phases[phase]?.name ?? '',
      route,
      id,
      ...(identity !== undefined && { identity }),
      dueMs: at(due),
      sentMs: at(sent),
      endedMs: at(t),
      outcome,
      status,
      ...(error !== undefined && { error }),
      attempts: attempts.slice(0, MAX_ATTEMPTS_SHOWN).map(({ arrival, departure }) => ({
        upstream: arrival.upstream,
        route: arrival.route,
        arrivedMs: at(arrival.t),
        departedMs: departure ? at(departure.t) : null,
        status: departure?.status ?? 0,
        whole: departure?.whole ?? false,
        clientGone: departure?.clientGone ?? false,
        faults: arrival.faults ?? [],
      })),
    }
  }
}

/** Keeps the slowest, slowest first. */
function keepSlow(slow: Trace[], trace: Trace): void {
  const spanOf = ({ request }: Trace): Ms => request!.t - request!.due
  if (slow.length === EACH && spanOf(slow.at(-1)!) >= spanOf(trace)) return
  slow.push(trace)
  slow.sort((a, b) => spanOf(b) - spanOf(a))
  if (slow.length > EACH) slow.pop()
}
