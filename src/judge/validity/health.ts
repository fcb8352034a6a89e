// Whether the harness was quick enough to measure. Its slowness can only add to what a client feels, never take away:
// a pass stands whatever is found here, and a failure stands if it would have failed without the slowness too.
import type { Evidence } from '../../evidence/evidence.ts'
import type { Role } from '../../evidence/events.ts'
import type { RoleHealth } from '../../evidence/fold/health.ts'
import { mergeLatencies, spanAtQuantile } from '../../evidence/latency-histogram.ts'
import type { Ms } from '../../kernel/clock.ts'
import { formatDuration } from '../../kernel/duration.ts'
import { formatShare } from '../../criteria/criterion-text.ts'
import type { Given, Slowness } from '../../criteria/ruling.ts'
import { windowOf } from '../../criteria/measure/scope.ts'
import type { Guard } from '../verdict.ts'

/** The processes that a request passes besides the gateway. */
const onTheWay: readonly Role[] = ['load', 'toxiproxy', 'upstreams']

const LATENESS_P99_LIMIT: Ms = 20
const LOOP_DELAY_LIMIT: Ms = 100
const CPU_LIMIT = 0.9
/** Of what the machine wanted: beyond the first it is told, beyond the second the machine ran at less than half its speed. */
const STOLEN_LIMIT = 0.25
const STOLEN_MOST = 0.5

// There and back: a request is handled by every process once on its way to the upstream and once on the way back.
const VISITS = 2

/**
 * What the harness may have added at most in these phases. When one of its processes stalled, the machine was short of processor
 * time, and the gateway stood still too: for as long as it says, or, when it says nothing, for as long as the worst of the others.
 */
export function slownessIn({ evidence }: Given, phases: readonly string[]): Slowness {
  const lateness = latenessIn(evidence, phases)
  const stalls = onTheWay.map((role) => worst(evidence, role, phases, 'loopDelayMax')).filter((delay) => delay > LOOP_DELAY_LIMIT)
  const stolen = worst(evidence, 'machine', phases, 'stolenMean')
  const saturated = stolen > STOLEN_MOST || onTheWay.some((role) => worst(evidence, role, phases, 'cpuMean') > CPU_LIMIT)
  const late = (spanAtQuantile(lateness, 0.99) ?? 0) > LATENESS_P99_LIMIT
  const disturbed = stalls.length > 0 || saturated
  const gateway = disturbed ? Math.max(worst(evidence, 'gateway', phases, 'loopDelayMax'), ...stalls) : 0
  return {
    latestMs: spanAtQuantile(lateness, 1) ?? 0,
    stallMs: VISITS * stalls.reduce((total, delay) => total + delay, gateway),
    saturated,
    stolen,
    unhealthy: saturated || late || stalls.length > 0,
  }
}

export function slownessText({ latestMs, stallMs, saturated, stolen }: Slowness): string {
  const parts = [
    ...(latestMs > 0 ? [`requests were sent up to ${formatDuration(latestMs)} late`] : []),
    ...(stallMs > 0 ? [`stalls may have added ${formatDuration(stallMs)}`] : []),
    ...(saturated && stolen <= STOLEN_MOST ? ['a process had no processor time left'] : []),
    ...(stolen > STOLEN_LIMIT ? [withheld(stolen)] : []),
  ]
  return `the harness was slow: ${parts.join(', ')}`
}

/** The longest stall of any process that a request passes, gateway included, outside warm-up. */
export function longestStall({ plan, evidence }: Given): Ms {
  const { phases } = windowOf(plan)
  return Math.max(...[...onTheWay, 'gateway' as const].map((role) => worst(evidence, role, phases, 'loopDelayMax')))
}

export function latenessGuard(given: Given): Guard[] {
  const lateness = latenessIn(given.evidence, windowOf(given.plan).phases)
  const p99 = spanAtQuantile(lateness, 0.99)
  const ok = p99 !== null && p99 <= LATENESS_P99_LIMIT
  return [
    {
      id: 'lateness',
      ok,
      sentence: p99 === null ? 'no request was sent' : `99 % of requests were sent at most ${formatDuration(p99)} late`,
      measured: p99,
      bound: LATENESS_P99_LIMIT,
      unit: 'ms',
      bias: 'slower',
      remedy: ok ? null : 'lower the rate, or free a core for the load generator',
    },
  ]
}

export function loopDelays(given: Given): Guard[] {
  return measuredRoles(given, 'loopDelayMax').map(({ role, value }) => ({
    id: `loop_delay:${role}`,
    ok: value <= LOOP_DELAY_LIMIT,
    sentence: `the longest stall of ${role} was ${formatDuration(value)}`,
    measured: value,
    bound: LOOP_DELAY_LIMIT,
    unit: 'ms',
    bias: 'slower',
    remedy: value <= LOOP_DELAY_LIMIT ? null : 'run on a quieter machine',
  }))
}

export function processorTime(given: Given): Guard[] {
  return measuredRoles(given, 'cpuMean').map(({ role, value }) => ({
    id: `cpu:${role}`,
    ok: value <= CPU_LIMIT,
    sentence: `${role} used ${formatShare(value)} of a core in its busiest phase`,
    measured: value,
    bound: CPU_LIMIT,
    unit: 'ratio',
    bias: 'slower',
    remedy: value <= CPU_LIMIT ? null : `lower the rate: ${role} has no processor time left`,
  }))
}

/** What other guests of the same host took from this machine; nothing is said where the machine does not tell. */
export function stolenTime({ plan, evidence }: Given): Guard[] {
  if (!evidence.health.some(({ role, stolenMean }) => role === 'machine' && stolenMean !== null)) return []
  const stolen = worst(evidence, 'machine', windowOf(plan).phases, 'stolenMean')
  return [
    {
      id: 'stolen_time',
      ok: stolen <= STOLEN_LIMIT,
      sentence: `${withheld(stolen)} in the worst phase`,
      measured: stolen,
      bound: STOLEN_LIMIT,
      unit: 'ratio',
      bias: 'slower',
      remedy: stolen <= STOLEN_LIMIT ? null : 'run on a machine whose host has fewer other guests',
    },
  ]
}

const withheld = (stolen: number): string =>
  stolen < 0.005
    ? 'the host withheld none of the processor time'
    : `the host withheld ${formatShare(Math.round(stolen * 100) / 100)} of the processor time`

type Measure = 'loopDelayMax' | 'cpuMean'

/** Harness roles that reported the measure in a judged phase; an external one reports nothing. */
function measuredRoles({ plan, evidence }: Given, measure: Measure): { role: Role; value: number }[] {
  const { phases } = windowOf(plan)
  return onTheWay
    .filter((role) => evidence.health.some((health) => health.role === role && health[measure] !== null && phases.includes(health.phase)))
    .map((role) => ({ role, value: worst(evidence, role, phases, measure) }))
}

function worst(evidence: Evidence, role: RoleHealth['role'], phases: readonly string[], measure: Measure | 'stolenMean'): number {
  const seen = evidence.health.filter((health) => health.role === role && phases.includes(health.phase))
  return Math.max(0, ...seen.map((health) => health[measure] ?? 0))
}

const latenessIn = (evidence: Evidence, phases: readonly string[]) =>
  mergeLatencies(phases.flatMap((phase) => evidence.lateness[phase] ?? []))
