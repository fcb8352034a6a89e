// What operators see of the breakers: four views of the same snapshots.
import { type Clock, type Ms, wallClock } from '../../kernel/clock.ts'
import type { BreakerSnapshot } from '../../policies/breaker/snapshot.ts'
import type { Upstream } from '../upstream/upstream.ts'

export interface CircuitView {
  state: 'closed' | 'open' | 'half_open'
  failure_count: number
  failure_threshold: number
  success_count: number
  /** ISO 8601, UTC. */
  opened_at: string | null
  last_failure_time: string | null
}

export interface DetailedCircuitView extends CircuitView {
  success_threshold: number
}

export interface CircuitSummary {
  name: string
  state: CircuitView['state']
  failure_count: number
  failure_threshold: number
  success_count: number
  success_threshold: number
  health_percentage: number
}

export interface CircuitsHealth {
  status: 'healthy' | 'degraded' | 'critical'
  timestamp: string
  total_circuits: number
  circuits_by_state: Record<CircuitView['state'], number>
  open_circuits: string[]
}

const HEALTH_PERCENTAGE = { closed: 100, half_open: 50, open: 0 } as const

export class Monitoring {
  readonly #upstreams: readonly Upstream[]
  readonly #clock: Clock

  constructor(upstreams: readonly Upstream[], clock: Clock) {
    this.#upstreams = upstreams
    this.#clock = clock
  }

  /** Breakers by upstream name; upstreams without one have no circuit. */
  circuits(): Map<string, BreakerSnapshot> {
    const circuits = new Map<string, BreakerSnapshot>()
    for (const upstream of this.#upstreams) {
      const { breaker } = upstream.stack.snapshot()
      if (breaker) circuits.set(upstream.name, breaker)
    }
    return circuits
  }

  all(): Record<string, CircuitView> {
    return Object.fromEntries([...this.circuits()].map(([name, circuit]) => [name, this.#view(circuit)]))
  }

  one(name: string): DetailedCircuitView | undefined {
    const circuit = this.circuits().get(name)
    return circuit && { ...this.#view(circuit), success_threshold: circuit.successThreshold }
  }

  /** Degraded while any circuit is open, critical while more than half of them are. */
  health(): CircuitsHealth {
    const byState = { closed: 0, open: 0, half_open: 0 }
    const open: string[] = []
    const circuits = this.circuits()
    for (const [name, { state }] of circuits) {
      byState[state]++
      if (state === 'open') open.push(name)
    }
    const status = open.length === 0 ? 'healthy' : open.length > circuits.size / 2 ? 'critical' : 'degraded'
    return {
      status,
      timestamp: wallClock().toISOString(),
      total_circuits: circuits.size,
      circuits_by_state: byState,
      open_circuits: open,
    }
  }

  summary(): CircuitSummary[] {
    return [...this.circuits()].map(([name, circuit]) => ({
      name,
      state: circuit.state,
      failure_count: circuit.failureCount,
      failure_threshold: circuit.failureThreshold,
      success_count: circuit.successCount,
      success_threshold: circuit.successThreshold,
      health_percentage: HEALTH_PERCENTAGE[circuit.state],
    }))
  }

  #view(circuit: BreakerSnapshot): CircuitView {
    return {
      state: circuit.state,
      failure_count: circuit.failureCount,
      failure_threshold: circuit.failureThreshold,
      success_count: circuit.successCount,
      opened_at: this.#wallTime(circuit.openedAt),
      last_failure_time: this.#wallTime(circuit.lastFailureAt),
    }
  }

  // Policies know monotonic time only; people read the wall clock.
  #wallTime(t: Ms | null): string | null {
    return t === null ? null : new Date(wallClock().getTime() - (this.#clock.now() - t)).toISOString()
  }
}
