// How much delay the harness may have added. A slow harness only adds latency. So a pass stands whatever is found here, and a failure
// stands if it would have failed without the delay too. What the gateway's own use of the machine made is its own.
import type { Evidence } from '../evidence/evidence.ts'
import type { Role } from '../evidence/events.ts'
import { type RoleHealth, type Stall, STALL } from '../evidence/events/health.ts'
import { type Latencies, countFrom, spanAtQuantile } from '../evidence/latency-histogram.ts'
import { mergeLatencies } from '../evidence/merge-latencies.ts'
import type { Ms } from '../kernel/clock.ts'
import type { Plan } from '../plan/plan.ts'
import { atTime, share, span } from '../kernel/wording.ts'
import { windowOf } from '../criteria/measure/scope.ts'
import type { Span } from '../criteria/measure/breaker/traffic.ts'
import type { Case, HarnessDelay } from '../criteria/finding/raw-finding.ts'
import { stallOpenings } from './stall-openings.ts'

/** The processes that a request passes besides the gateway. */
const onTheWay: readonly Role[] = ['load', 'toxiproxy', 'upstreams']

/** In phases that a crowd saturates, it is the crowd's process that sends them, beside an idle load. */
const onTheWayIn = (plan: Plan, phases: readonly string[]): readonly Role[] =>
  plan.phases.some(({ name, saturation }) => saturation && phases.includes(name)) ? [...onTheWay, 'saturation'] : onTheWay

export const LATENESS_P99_LIMIT: Ms = 20
export const LOOP_DELAY_LIMIT: Ms = STALL
/** Of one core, which is all that a process with one event loop can use. */
const CPU_LIMIT = 0.9
/** Of which the processes of the harness need about one. */
const FEWEST_CORES = 2
/** Share of the demanded processor time that the host withheld. Beyond this the report tells it. */
export const STOLEN_LIMIT = 0.25
/** Beyond this the machine ran at less than half its speed. */
const MAX_STOLEN = 0.5

// There and back: every process handles a request once on its way to the upstream and once on the way back.
const VISITS = 2

// A request that is sent so much later than due is late. Timers are no finer than a few milliseconds.
const LATE: Ms = 10

/**
 * What the harness may have added at most in these phases. If a harness process stalled, the gateway is assumed to have stalled too:
 * as long as it measured, and no longer than the others did. While the gateway left less than a core to all others, stalls are its own doing.
 * What the gateway waited for a processor that it did not use itself is a stall of the gateway.
 */
export function harnessDelayIn(run: Case, phases: readonly string[]): HarnessDelay {
  const { plan, evidence } = run
  const late = latenessIn(evidence, phases)
  const { stolen, saturated, stalls, stallMs, starvedMs } = slownessIn(run, phases)
  const slownessAmid = (amid: Span): Slowness => slownessIn(run, phasesAmid(plan, amid), amid)
  return {
    latestMs: spanAtQuantile(late, 1) ?? 0,
    stallMs,
    stallMsAmid: (amid) => slownessAmid(amid).stallMs,
    starvedMs,
    stalls: stalls.length,
    stalledMs: stalls.reduce((total, { lastsMs }) => total + lastsMs, 0),
    lateShare: late.totalCount === 0 ? 0 : countFrom(late, LATE) / late.totalCount,
    windowMs: plan.phases.filter(({ name }) => phases.includes(name)).reduce((total, { startMs, endMs }) => total + endMs - startMs, 0),
    saturated,
    stolen,
    unhealthy: stalls.length > 0 || saturated || (spanAtQuantile(late, 0.99) ?? 0) > LATENESS_P99_LIMIT,
    openings: stallOpenings(run, phases, (amid) => {
      const slowness = slownessAmid(amid)
      return slowness.saturated ? Number.POSITIVE_INFINITY : slowness.stallMs
    }),
  }
}

const phasesAmid = ({ phases }: Plan, { fromMs, toMs }: Span): string[] =>
  phases.filter(({ startMs, endMs }) => startMs <= toMs && endMs >= fromMs).map(({ name }) => name)

interface Slowness {
  stolen: number
  saturated: boolean
  /** Of all processes on the way. */
  stalls: Stall[]
  /** What they may have added at most to one request. */
  stallMs: Ms
  /** The longest that the gateway waited for a processor in a second. */
  starvedMs: Ms
}

/** Of these phases; of their stalls, those that may have been between two times. */
function slownessIn({ plan, evidence }: Case, phases: readonly string[], amid?: Span): Slowness {
  const passed = onTheWayIn(plan, phases)
  const stolen = worst(evidence, 'machine', phases, 'stolenMean')
  const isBurning = worst(evidence, 'gateway', phases, 'cpuMean') > coresOf(evidence) - 2 + CPU_LIMIT && stolen <= STOLEN_LIMIT
  const byRole = isBurning ? [] : passed.map((role) => stallsOf(evidence, role, phases, amid)).filter((stalls) => stalls.length > 0)
  const longest = byRole.map((stalls) => Math.max(...stalls.map(({ lastsMs }) => lastsMs)))
  const saturated = stolen > MAX_STOLEN || passed.some((role) => worst(evidence, role, phases, 'cpuMean') > processorLimit(evidence, role))
  const gateway =
    longest.length === 0
      ? 0
      : Math.min(worst(evidence, 'gateway', phases, 'loopDelayMax') || Number.POSITIVE_INFINITY, Math.max(...longest))
  const starved = isBurning ? [] : stallsOf(evidence, 'gateway', phases, amid, 'starved')
  const starvedMs = Math.max(0, ...starved.map(({ lastsMs }) => lastsMs))
  const stallMs = VISITS * longest.reduce((total, delay) => total + delay, Math.max(gateway, starvedMs))
  return { stolen, saturated, stalls: [...byRole.flat(), ...starved], stallMs, starvedMs }
}

/** Stalls of one role. One that may have been in several of the phases is told for each. */
function stallsOf(
  { health }: Evidence,
  role: Role,
  phases: readonly string[],
  amid?: Span,
  kind: 'stalls' | 'starved' = 'stalls',
): Stall[] {
  const stalls = health.filter((each) => each.role === role && phases.includes(each.phase)).flatMap((each) => each[kind])
  return amid ? stalls.filter(({ fromMs, toMs }) => fromMs <= amid.toMs && toMs >= amid.fromMs) : stalls
}

export function harnessDelayText({ latestMs, stallMs, starvedMs, saturated, stolen, openings }: HarnessDelay): string {
  const parts = [
    ...(latestMs > 0 ? [`requests were sent up to ${span(latestMs)} late`] : []),
    ...(starvedMs > 0 ? [`the gateway waited up to ${span(starvedMs)} of a second for a processor that others used`] : []),
    ...(stallMs > 0 ? [`stalls may have added ${span(stallMs)}`] : []),
    ...(saturated && stolen <= MAX_STOLEN ? ['a process had no processor time left'] : []),
    ...(stolen > STOLEN_LIMIT ? [withheld(stolen)] : []),
    ...openings.map(({ upstream, fromMs }) => `stalls may have opened ${upstream}'s breaker ${atTime(fromMs)}`),
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

/** Cores that a role may use: a process of ours has one event loop; one that does not tell its event loop, such as a real Toxiproxy, may use all. */
export function processorLimit(evidence: Evidence, role: Role): number {
  const hasOneLoop = evidence.health.some((health) => health.role === role && health.loopDelayMax !== null)
  return hasOneLoop ? CPU_LIMIT : coresOf(evidence) - 1 + CPU_LIMIT
}

/** Of the machine; where it does not tell, the fewest that a run is meant for. */
function coresOf({ health }: Evidence): number {
  return Math.max(FEWEST_CORES, ...health.map(({ cores }) => cores ?? 0))
}

/** How late requests were sent in these phases. */
export function latenessIn(evidence: Evidence, phases: readonly string[]): Latencies {
  return mergeLatencies(phases.flatMap((phase) => evidence.lateness[phase] ?? []))
}
