// How the processes of the stage fared, by role and phase: the worst second and the mean load.
import type { Ms } from '../kernel/clock.ts'
import { cells } from './cells.ts'
import type { HealthEvent, Role } from './events.ts'

export interface RoleHealth {
  role: Role
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
}

export function tallyHealth(): { add(event: HealthEvent, phase: string): void; result(): RoleHealth[] } {
  const table = cells<{ cpu: number; cpuSamples: number; health: RoleHealth }>()
  return {
    add(event, phase) {
      const cell = table.at([event.role, phase], () => ({ cpu: 0, cpuSamples: 0, health: unseen(event.role, phase) }))
      const { health } = cell
      health.samples++
      health.loopDelayP99 = higher(health.loopDelayP99, event.loopDelayP99)
      health.loopDelayMax = higher(health.loopDelayMax, event.loopDelayMax)
      health.rssMaxBytes = higher(health.rssMaxBytes, event.rssBytes)
      health.cpuMax = higher(health.cpuMax, event.cpu)
      if (event.cpu === undefined) return
      cell.cpu += event.cpu
      cell.cpuSamples++
      health.cpuMean = cell.cpu / cell.cpuSamples
    },
    result: () => table.sorted().map((cell) => cell.health),
  }
}

function unseen(role: Role, phase: string): RoleHealth {
  return { role, phase, samples: 0, loopDelayP99: null, loopDelayMax: null, cpuMean: null, cpuMax: null, rssMaxBytes: null }
}

const higher = (known: number | null, value: number | undefined): number | null =>
  value === undefined ? known : Math.max(known ?? value, value)
