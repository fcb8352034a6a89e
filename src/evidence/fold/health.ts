// How the processes of the stage fared, by role and phase: the worst second and the mean load.
import type { Ms } from '../../kernel/clock.ts'
import { cells } from './grouped-counters.ts'
import type { HealthEvent, Role } from '../events.ts'

export interface RoleHealth {
  role: Role | 'machine'
  phase: string
  /** Seconds reported. */
  samples: number
  /** Event-loop delay: the highest second's p99 and the longest delay of all; null when not measured. */
  loopDelayP99: Ms | null
  loopDelayMax: Ms | null
  /** Processor time over wall time: the mean over the phase and the busiest second; null when not measured. */
  cpuMean: number | null
  cpuMax: number | null
  rssMaxBytes: number | null
  /** Share of the processor time in demand that the host withheld: the mean over the phase; null when not measured. */
  stolenMean: number | null
}

export function tallyHealth(): {
  add(event: HealthEvent, phase: string): void
  /** Counts its longest delay alone, in another phase that it may have been in. */
  stall(event: HealthEvent, phase: string): void
  result(): RoleHealth[]
} {
  const table = cells<{ cpu: Mean; stolen: Mean; health: RoleHealth }>()
  const at = ({ role }: HealthEvent, phase: string) =>
    table.at([role, phase], () => ({ cpu: nothing(), stolen: nothing(), health: unseen(role, phase) }))
  return {
    stall(event, phase) {
      if (event.loopDelayMax === undefined) return
      const { health } = at(event, phase)
      health.loopDelayMax = higher(health.loopDelayMax, event.loopDelayMax)
    },
    add(event, phase) {
      const cell = at(event, phase)
      const { health } = cell
      health.samples++
      health.loopDelayP99 = higher(health.loopDelayP99, event.loopDelayP99)
      health.loopDelayMax = higher(health.loopDelayMax, event.loopDelayMax)
      health.rssMaxBytes = higher(health.rssMaxBytes, event.rssBytes)
      health.cpuMax = higher(health.cpuMax, event.cpu)
      health.cpuMean = mean(cell.cpu, event.cpu)
      health.stolenMean = mean(cell.stolen, event.stolen)
    },
    result: () => table.sorted().map((cell) => cell.health),
  }
}

function unseen(role: RoleHealth['role'], phase: string): RoleHealth {
  return {
    role,
    phase,
    samples: 0,
    loopDelayP99: null,
    loopDelayMax: null,
    cpuMean: null,
    cpuMax: null,
    rssMaxBytes: null,
    stolenMean: null,
  }
}

interface Mean {
  sum: number
  samples: number
}

const nothing = (): Mean => ({ sum: 0, samples: 0 })

/** The mean with `value` added, if there is one; null as long as there was none. */
function mean(of: Mean, value: number | undefined): number | null {
  if (value !== undefined) {
    of.sum += value
    of.samples++
  }
  return of.samples === 0 ? null : of.sum / of.samples
}

const higher = (known: number | null, value: number | undefined): number | null =>
  value === undefined ? known : Math.max(known ?? value, value)
