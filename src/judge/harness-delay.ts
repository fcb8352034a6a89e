// How much delay the harness may have added. A slow harness only adds latency. So a pass stands whatever is found here, and a failure
// stands if it would have failed without the delay too.
import type { Evidence } from '../evidence/evidence.ts'
import type { Role } from '../evidence/events.ts'
import type { RoleHealth } from '../evidence/events/health.ts'
import { type Latencies, mergeLatencies, spanAtQuantile } from '../evidence/latency-histogram.ts'
import type { Ms } from '../kernel/clock.ts'
import { share, span } from '../kernel/wording.ts'
import { windowOf } from '../criteria/measure/scope.ts'
import type { Case, HarnessDelay } from '../criteria/raw-finding.ts'

/** The processes that a request passes besides the gateway. */
const onTheWay: readonly Role[] = ['load', 'toxiproxy', 'upstreams']

export const LATENESS_P99_LIMIT: Ms = 20
export const LOOP_DELAY_LIMIT: Ms = 100
/** Of one core. */
export const CPU_LIMIT = 0.9
/** Share of the demanded processor time that the host withheld. Beyond this the report tells it. */
export const STOLEN_LIMIT = 0.25
/** Beyond this the machine ran at less than half its speed. */
const MAX_STOLEN = 0.5

// There and back: every process handles a request once on its way to the upstream and once on the way back.
const VISITS = 2

/**
 * What the harness may have added at most in these phases. If a harness process stalled, the gateway is assumed to have stalled too:
 * for its own measured delay or, if it reports none, for the longest delay of the others.
 */
export function harnessDelayIn({ evidence }: Case, phases: readonly string[]): HarnessDelay {
  const late = latenessIn(evidence, phases)
  const stalls = onTheWay.map((role) => worst(evidence, role, phases, 'loopDelayMax')).filter((delay) => delay > LOOP_DELAY_LIMIT)
  const stolen = worst(evidence, 'machine', phases, 'stolenMean')
  const saturated = stolen > MAX_STOLEN || onTheWay.some((role) => worst(evidence, role, phases, 'cpuMean') > CPU_LIMIT)
  const disturbed = stalls.length > 0 || saturated
  const gateway = disturbed ? Math.max(worst(evidence, 'gateway', phases, 'loopDelayMax'), ...stalls) : 0
  return {
    latestMs: spanAtQuantile(late, 1) ?? 0,
    stallMs: VISITS * stalls.reduce((total, delay) => total + delay, gateway),
    saturated,
    stolen,
    unhealthy: disturbed || (spanAtQuantile(late, 0.99) ?? 0) > LATENESS_P99_LIMIT,
  }
}

export function harnessDelayText({ latestMs, stallMs, saturated, stolen }: HarnessDelay): string {
  const parts = [
    ...(latestMs > 0 ? [`requests were sent up to ${span(latestMs)} late`] : []),
    ...(stallMs > 0 ? [`stalls may have added ${span(stallMs)}`] : []),
    ...(saturated && stolen <= MAX_STOLEN ? ['a process had no processor time left'] : []),
    ...(stolen > STOLEN_LIMIT ? [withheld(stolen)] : []),
  ]
  return `the harness was slow: ${parts.join(', ')}`
}

/** The longest stall of any process that a request passes, gateway included, outside warm-up. */
export function longestStall({ plan, evidence }: Case): Ms {
  const { phases } = windowOf(plan)
  return Math.max(...[...onTheWay, 'gateway' as const].map((role) => worst(evidence, role, phases, 'loopDelayMax')))
}

export function withheld(stolen: number): string {
  if (stolen < 0.005) return 'the host withheld none of the processor time'
  return `the host withheld ${share(Math.round(stolen * 100) / 100)} of the processor time`
}

type Measure = 'loopDelayMax' | 'cpuMean'

/** Harness roles that reported the measure in a judged phase; an external one reports nothing. */
export function measuredRoles({ plan, evidence }: Case, measure: Measure): { role: Role; value: number }[] {
  const { phases } = windowOf(plan)
  return onTheWay
    .filter((role) => evidence.health.some((health) => health.role === role && health[measure] !== null && phases.includes(health.phase)))
    .map((role) => ({ role, value: worst(evidence, role, phases, measure) }))
}

/** The highest value that the role reported in these phases; 0 when it reported none. */
export function worst(evidence: Evidence, role: RoleHealth['role'], phases: readonly string[], measure: Measure | 'stolenMean'): number {
  const seen = evidence.health.filter((health) => health.role === role && phases.includes(health.phase))
  return Math.max(0, ...seen.map((health) => health[measure] ?? 0))
}

/** How late requests were sent in these phases. */
export function latenessIn(evidence: Evidence, phases: readonly string[]): Latencies {
  return mergeLatencies(phases.flatMap((phase) => evidence.lateness[phase] ?? []))
}
