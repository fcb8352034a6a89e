// How long a breaker may take to open and to be probed, derived from the fault, the load and the settings that are expected.
import type { Fault } from '../../faults/fault.ts'
import type { Ms } from '../../kernel/clock.ts'
import { own } from '../../kernel/own.ts'
import { expectedArrivals } from '../../plan/arrivals.ts'
import { type PlannedPhase, reaches } from '../../plan/plan.ts'
import type { BreakerSettings } from '../../policies/breaker/settings.ts'
import type { Story } from './claim.ts'

const SOON: Ms = 1000

/** From the fault's beginning: as many failures as are set, at the rate of the load, and where they are timeouts, these first. */
export function openingMs(story: Story, upstream: string, phase: string, { failures }: BreakerSettings): Ms {
  const first = story.phases.find(({ name }) => name === phase)
  const rate = first ? rateOf(story, upstream, first) : 0
  const countedMs = rate > 0 ? (2 * 1000 * failures) / rate : 0
  const noticedMs = failsAtOnce(story, upstream, phase) ? SOON : 2 * (own(story.policies, upstream)?.timeout.attempt ?? SOON)
  return Math.max(noticedMs, Math.round(countedMs))
}

/** Requests a second for the upstream. */
function rateOf({ load }: Story, upstream: string, { startMs, endMs }: PlannedPhase): number {
  const asked = load.mix.filter(({ probe }) => probe === undefined)
  const weight = (routes: typeof asked): number => routes.reduce((total, route) => total + route.weight, 0)
  const share = weight(asked.filter((route) => reaches(route, upstream))) / weight(asked)
  return (share * expectedArrivals(load, startMs, endMs)) / ((endMs - startMs) / 1000)
}

/** The longest time that it stays open, when every probe fails for `lastsMs`. */
export function longestWait({ recovery, recoveryGrowth, recoveryMax }: BreakerSettings, lastsMs: Ms): Ms {
  let wait = recovery
  // A recovery of no time at all would be probed without end.
  if (recovery === 0) return wait
  for (let at = recovery; at < lastsMs && wait < recoveryMax; at += wait) wait = Math.min(recoveryMax, wait * recoveryGrowth)
  return wait
}

/** Whether what is wrong in the phase is told at once. Otherwise only timeouts can notice. */
export function failsAtOnce({ faults }: Story, upstream: string, phase: string): boolean {
  const on = faults.filter((fault) => fault.phase === phase && fault.upstream === upstream)
  return on.some(({ fault }) => isTold(fault)) && !on.some(({ fault }) => isSlow(fault))
}

const isTold = (fault: Fault): boolean =>
  fault.made === 'request'
    ? ['status', 'disconnect', 'truncated', 'malformed'].includes(fault.fault.is)
    : fault.made === 'network' && (fault.is === 'down' || fault.toxic.type === 'reset_peer')

const isSlow = (fault: Fault): boolean => fault.made === 'request' && fault.fault.is === 'latency'
