// How long a breaker may take to open and to be probed, derived from the fault, the load and the settings that are expected.
import type { Fault } from '../../../faults/fault.ts'
import type { Ms } from '../../../kernel/clock.ts'
import { own } from '../../../kernel/own.ts'
import { expectedArrivals } from '../../../plan/arrivals.ts'
import { type PlannedPhase, reaches } from '../../../plan/plan.ts'
import type { BreakerSettings } from '../../../policies/breaker/settings.ts'
import type { Story } from '../claim.ts'

const SOON: Ms = 1000

/**
 * A breaker that nobody described may open by the share of failures among all calls of some seconds, in place of failures in a row. Half
 * of ten seconds is what opossum and Hystrix wait for when nobody sets them.
 */
const USUAL = { ratio: 0.5, within: 10_000 }

/** From the fault's beginning: as many failures as are set, or as large a share; where they are timeouts, these first. */
export function openingMs(story: Story, upstream: string, phase: string, { failures, failureRate, slowRate }: BreakerSettings): Ms {
  const first = story.phases.find(({ name }) => name === phase)
  const rate = first ? rateOf(story, upstream, first) : 0
  const lasting = (calls: number): Ms => (rate > 0 ? Math.round((1000 * calls) / rate) : 0)
  const noticedMs = failsAtOnce(story, upstream, phase) ? SOON : 2 * (own(story.policies, upstream)?.timeout.attempt ?? SOON)
  const bySharesMs = ({ ratio, within, calls }: { ratio: number; within: Ms; calls?: number | undefined }): Ms =>
    noticedMs + (calls === undefined ? Math.round(ratio * within) : lasting(ratio * calls))
  const share = failureRate ?? slowRate
  const setMs = failures === 0 && share ? bySharesMs(share) : Math.max(noticedMs, lasting(2 * failures))
  if (!first || story.isExpected(upstream, 'breaker')) return setMs
  // In time is at least before the fault is over.
  return Math.max(setMs, Math.min(bySharesMs(USUAL), first.endMs - first.startMs))
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
