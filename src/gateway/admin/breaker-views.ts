// What the admin API shows of the breakers: four views of the same snapshots.
import type { BreakerState } from '../../contract/breaker-events.ts'
import { type Clock, type Ms, wallClock, wallTime } from '../../kernel/clock.ts'
import type { BreakerSnapshot } from '../../policies/breaker/snapshot.ts'
import type { UpstreamStack } from '../../policies/stack.ts'

export interface BreakerView {
  state: BreakerState
  failure_count: number
  failure_threshold: number
  success_count: number
  /** ISO 8601, UTC. */
  opened_at: string | null
  last_failure_time: string | null
}

export interface DetailedBreakerView extends BreakerView {
  success_threshold: number
}

export interface BreakerSummary {
  name: string
  state: BreakerState
  failure_count: number
  failure_threshold: number
  success_count: number
  success_threshold: number
  health_percentage: number
}

export interface BreakersHealth {
  status: 'healthy' | 'degraded' | 'critical'
  timestamp: string
  total_circuits: number
  circuits_by_state: Record<BreakerState, number>
  open_circuits: string[]
}

const HEALTH_PERCENTAGE = { closed: 100, half_open: 50, open: 0 } as const

interface Viewed {
  readonly name: string
  readonly stack: Pick<UpstreamStack<unknown>, 'snapshot'>
}

export class BreakerViews {
  readonly #upstreams: readonly Viewed[]
  readonly #clock: Pick<Clock, 'now'>
  readonly #wallNow: () => Ms

  /** `wallNow`: milliseconds since 1970. */
  constructor(upstreams: readonly Viewed[], clock: Pick<Clock, 'now'>, wallNow: () => Ms = wallTime) {
    this.#upstreams = upstreams
    this.#clock = clock
    this.#wallNow = wallNow
  }

  /** By upstream name; an upstream without a breaker is not there. */
  snapshots(): Map<string, BreakerSnapshot> {
    const snapshots = new Map<string, BreakerSnapshot>()
    for (const upstream of this.#upstreams) {
      const { breaker } = upstream.stack.snapshot()
      if (breaker) snapshots.set(upstream.name, breaker)
    }
    return snapshots
  }

  all(): Record<string, BreakerView> {
    return Object.fromEntries([...this.snapshots()].map(([name, snapshot]) => [name, this.#view(snapshot)]))
  }

  one(name: string): DetailedBreakerView | undefined {
    const snapshot = this.snapshots().get(name)
    return snapshot && { ...this.#view(snapshot), success_threshold: snapshot.successThreshold }
  }

  /** Degraded while any breaker is open, critical while more than half of them are. */
  health(): BreakersHealth {
    const byState = { closed: 0, open: 0, half_open: 0 }
    const open: string[] = []
    const snapshots = this.snapshots()
    for (const [name, { state }] of snapshots) {
      byState[state]++
      if (state === 'open') open.push(name)
    }
    const status = open.length === 0 ? 'healthy' : open.length > snapshots.size / 2 ? 'critical' : 'degraded'
    return {
      status,
      timestamp: wallClock().toISOString(),
      total_circuits: snapshots.size,
      circuits_by_state: byState,
      open_circuits: open,
    }
  }

  summary(): BreakerSummary[] {
    return [...this.snapshots()].map(([name, snapshot]) => ({
      name,
      state: snapshot.state,
      failure_count: snapshot.failureCount,
      failure_threshold: snapshot.failureThreshold,
      success_count: snapshot.successCount,
      success_threshold: snapshot.successThreshold,
      health_percentage: HEALTH_PERCENTAGE[snapshot.state],
    }))
  }

  #view(snapshot: BreakerSnapshot): BreakerView {
    return {
      state: snapshot.state,
      failure_count: snapshot.failureCount,
      failure_threshold: snapshot.failureThreshold,
      success_count: snapshot.successCount,
      opened_at: this.#wallTime(snapshot.openedAt),
      last_failure_time: this.#wallTime(snapshot.lastFailureAt),
    }
  }

  // Policies know monotonic time only; people read the wall clock.
  #wallTime(t: Ms | null): string | null {
    return t === null ? null : new Date(this.#wallNow() - (this.#clock.now() - t)).toISOString()
  }
}
