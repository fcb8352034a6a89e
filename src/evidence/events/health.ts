// Once a second for each role that can be watched, and for the machine where it tells: how they fared, by role and phase.
import type { Ms } from '../../kernel/clock.ts'
import type { Plan } from '../../plan/plan.ts'
import { type Role, roles } from './process.ts'
import { defineTallied, number, oneOf, optional } from './event.ts'

/** A longer delay of an event loop is a stall. */
export const STALL: Ms = 100

/** Who waits longer of a second for a processor, while others use it, is starved. */
const STARVED: Ms = 200

/** When a process stood still: `lastsMs` long, some time between the two others. It is told when it is over. */
export interface Stall {
  fromMs: Ms
  toMs: Ms
  lastsMs: Ms
}

export interface RoleHealth {
  role: Role | 'machine'
  phase: string
  /** Seconds reported. */
  samples: number
  /** Event-loop delay: the highest second's p99 and the longest delay of all; null when not measured. */
  loopDelayP99: Ms | null
  loopDelayMax: Ms | null
  /** The longest delay of each second in which it was a stall. */
  stalls: Stall[]
  /** Seconds in which it waited long for a processor that it did not use itself: what it used then was less than a core. */
  starved: Stall[]
  /** Processor time over wall time: the mean over the phase and the busiest second; null when not measured. */
  cpuMean: number | null
  cpuMax: number | null
  /** Memory in bytes: in the phase's first and last second, the highest, and the lowest: what is in use when garbage is collected. */
  rssFirstBytes: number | null
  rssLastBytes: number | null
  rssMaxBytes: number | null
  rssMinBytes: number | null
  /** Open files and sockets: the fewest in the phase; null where they cannot be counted. */
  descriptorsMin: number | null
  /** Share of the processor time in demand that the host withheld: the mean over the phase; null when not measured. */
  stolenMean: number | null
  /** Of the machine: its cores; null when not told. */
  cores: number | null
}

const fields = {
  role: oneOf([...roles, 'machine']),
  /** Event-loop delay over the past second, where the role is ours. */
  loopDelayP99: optional(number),
  loopDelayMax: optional(number),
  /** Processor time over wall time of the past second: 1 is one core. */
  cpu: optional(number),
  /** How many milliseconds of a second one of its threads waited for a processor at most. */
  waited: optional(number),
  rssBytes: optional(number),
  /** Open files and sockets. */
  descriptors: optional(number),
  /** Of a virtual machine: what its host withheld of the processor time that the past second had work for (0–1). */
  stolen: optional(number),
  /** Of the machine: how many processes can run at once. */
  cores: optional(number),
}

// A sample speaks of the second before its stamp.
const HALF_A_SECOND: Ms = 500

interface Counted {
  health: RoleHealth
  cpu: Mean
  stolen: Mean
}

export const health = defineTallied({
  fields,
  evidence: 'health',
  tally({ plan, phaseAt }) {
    const counted = new Map<string, Counted>()
    const at = (role: RoleHealth['role'], phase: string): Counted => {
      const key = JSON.stringify([role, phase])
      let found = counted.get(key)
      if (!found) counted.set(key, (found = { health: unseen(role, phase), cpu: nothing(), stolen: nothing() }))
      return found
    }
    return {
      add(event, atMs) {
        const { health: seen, cpu, stolen } = at(event.role, phaseAt(atMs - HALF_A_SECOND))
        seen.samples++
        seen.loopDelayP99 = higher(seen.loopDelayP99, event.loopDelayP99)
        seen.rssFirstBytes ??= event.rssBytes ?? null
        seen.rssLastBytes = event.rssBytes ?? seen.rssLastBytes
        seen.rssMaxBytes = higher(seen.rssMaxBytes, event.rssBytes)
        seen.rssMinBytes = lower(seen.rssMinBytes, event.rssBytes)
        seen.descriptorsMin = lower(seen.descriptorsMin, event.descriptors)
        seen.cpuMax = higher(seen.cpuMax, event.cpu)
        seen.cpuMean = mean(cpu, event.cpu)
        seen.stolenMean = mean(stolen, event.stolen)
        seen.cores = event.cores ?? seen.cores
        if (event.waited !== undefined && event.waited > STARVED && event.cpu !== undefined && event.cpu < 1) {
          const wait = { fromMs: atMs - 2 * HALF_A_SECOND, toMs: atMs, lastsMs: event.waited }
          for (const phase of stalledPhases(plan, wait)) at(event.role, phase).health.starved.push(wait)
        }
        if (event.loopDelayMax === undefined) return
        const isStall = event.loopDelayMax > STALL
        seen.loopDelayMax = higher(seen.loopDelayMax, event.loopDelayMax)
        const stall = { fromMs: atMs - 2 * HALF_A_SECOND - event.loopDelayMax, toMs: atMs, lastsMs: event.loopDelayMax }
        for (const phase of stalledPhases(plan, stall)) {
          const { health: touched } = at(event.role, phase)
          touched.loopDelayMax = higher(touched.loopDelayMax, event.loopDelayMax)
          if (isStall) touched.stalls.push(stall)
        }
      },
      result: () => [...counted].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each.health),
    }
  },
})

/** The phases in which it may have been. */
function stalledPhases({ phases }: Plan, { fromMs, toMs }: Stall): string[] {
  return phases.filter(({ startMs, endMs }) => startMs < toMs && endMs > fromMs).map(({ name }) => name)
}

function unseen(role: RoleHealth['role'], phase: string): RoleHealth {
  return {
    role,
    phase,
    samples: 0,
    loopDelayP99: null,
    loopDelayMax: null,
    stalls: [],
    starved: [],
    cpuMean: null,
    cpuMax: null,
    rssFirstBytes: null,
    rssLastBytes: null,
    rssMaxBytes: null,
    rssMinBytes: null,
    descriptorsMin: null,
    stolenMean: null,
    cores: null,
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

const lower = (known: number | null, value: number | undefined): number | null =>
  value === undefined ? known : Math.min(known ?? value, value)
