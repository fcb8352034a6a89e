// What every story of a fault asks: of the time before it, of its beginning, of the others while it lasts, of its end.
//
//   steady ──▶ [probes] ──▶ fault: opens soon, refuses at once, harms nobody else ──▶ recovery: probed, closed, as before
import * as z from 'zod'
import type { WrittenCriterion } from '../../criteria/call-site.ts'
import { builders } from '../../criteria/criteria.ts'
import { type UpstreamName, nameOf } from '../../faults/fault-input.ts'
import type { Fault } from '../../faults/fault.ts'
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import type { Ms } from '../../kernel/clock.ts'
import { own } from '../../kernel/own.ts'
import { expectedArrivals } from '../../plan/arrivals.ts'
import { type PlannedPhase, reaches } from '../../plan/plan.ts'
import type { BreakerSettings } from '../../policies/breaker/settings.ts'
import { PROBES } from './probe-phases.ts'
import type { Story } from './claim.ts'

const { amplification, breaker, errorRate, fastFail, goodput, p95, unharmed, unsafeRetries } = builders

export interface FaultClaimOptions {
  /** The phases in which the fault is on. */
  in: string | readonly string[]
  /** p95 of good answers while nothing is wrong, before the fault and after it. Default 500 ms. */
  p95Below?: Duration
  /** How long the gateway may take to say that it does not ask the upstream. Default 250 ms. */
  refusesWithin?: Duration
}

export const faultClaim = {
  upstream: z.string(),
  in: z.array(z.string()).min(1),
  p95BelowMs: z.number().positive(),
  refusesWithinMs: z.number().positive(),
}

export interface FaultClaim {
  upstream: string
  in: string[]
  p95BelowMs: Ms
  refusesWithinMs: Ms
}

export function faultClaimOf(of: UpstreamName, { in: phases, p95Below = '500ms', refusesWithin = '250ms' }: FaultClaimOptions): FaultClaim {
  return {
    upstream: nameOf(of),
    in: typeof phases === 'string' ? [phases] : [...phases],
    p95BelowMs: parseDuration(p95Below),
    refusesWithinMs: parseDuration(refusesWithin),
  }
}

/** The phases around a fault. */
export interface Around {
  /** The last quiet phase before it. */
  steady: PlannedPhase | undefined
  faulted: readonly PlannedPhase[]
  /** The first quiet phase after it. */
  recovery: PlannedPhase | undefined
}

export function around({ phases, faults }: Story, names: readonly string[]): Around {
  const faulted = phases.filter(({ name }) => names.includes(name))
  const quiet = phases.filter(({ name, warmUp }) => !warmUp && !faults.some(({ phase }) => phase === name))
  const startMs = Math.min(...faulted.map((phase) => phase.startMs))
  const endMs = Math.max(...faulted.map((phase) => phase.endMs))
  return {
    steady: quiet.findLast((phase) => phase.endMs <= startMs),
    faulted,
    recovery: quiet.find((phase) => phase.startMs >= endMs),
  }
}

/** Before anything is wrong, users get good answers, of the upstreams and soon. */
export function wellBefore({ p95BelowMs, upstream }: FaultClaim, { steady }: Around): WrittenCriterion[] {
  if (!steady) return []
  return [goodput().during(steady.name).above('99%'), p95().of(upstream).during(steady.name).below(p95BelowMs)]
}

/** The breaker opens soon after the fault begins, and refuses at once; an upstream that fails is not hammered. */
export function opensAndRefuses({ upstream, refusesWithinMs, ...claim }: FaultClaim, story: Story): WrittenCriterion[] {
  const first = claim.in[0]!
  const settings = own(story.policies, upstream)
  if (!settings?.breaker) return []
  return [
    breaker(upstream)
      .opensWithin(openingMs(story, upstream, first, settings.breaker))
      .of(first),
    fastFail(upstream)
      .during(...claim.in)
      .below(refusesWithinMs),
  ]
}

/** What may not be repeated is not, and what may be is repeated as often as is set, in the probes and in the fault alike. */
export function repeatsWithCare({ upstream, ...claim }: FaultClaim, story: Story): WrittenCriterion[] {
  const phases = [...story.phases.filter(({ name, probes }) => probes && name === PROBES).map(({ name }) => name), ...claim.in]
  const attempts = own(story.policies, upstream)?.retry?.attempts ?? 1
  return [
    ...(story.load.mix.some((route) => reaches(route, upstream) && route.method === 'POST')
      ? [
          unsafeRetries(upstream)
            .during(...phases)
            .none(),
        ]
      : []),
    amplification(upstream)
      .during(...phases)
      .below(Math.max(1.5, attempts)),
  ]
}

/** The others notice nothing. */
export function harmsNobodyElse(upstream: string, story: Story, { steady }: Around): WrittenCriterion[] {
  if (!steady) return []
  const others = story.upstreams.filter((other) => other !== upstream && story.load.mix.some((route) => reaches(route, other)))
  return others.map((other) => unharmed(other).comparedWith(steady.name, { latencySlack: '100ms' }))
}

/** Where there is a fallback, users are served while the fault lasts, and on and on. */
export function servesFallbacks({ upstream, ...claim }: FaultClaim, story: Story, { recovery }: Around): WrittenCriterion[] {
  if (!own(story.policies, upstream)?.fallback) return []
  return [
    errorRate()
      .during(...claim.in)
      .below('1%'),
    ...(recovery ? [errorRate().during(recovery.name).below('0.1%')] : []),
  ]
}

/** The breaker is probed when its time is over, no earlier and with no more than is set, and closes; then things are as before. */
export function recoversAfterIt(
  { upstream, p95BelowMs, ...claim }: Pick<FaultClaim, 'upstream' | 'p95BelowMs' | 'in'>,
  story: Story,
  { faulted, recovery }: Around,
): WrittenCriterion[] {
  const last = faulted.at(-1)
  const settings = own(story.policies, upstream)
  if (!last || !recovery) return []
  const soon = p95().of(upstream).during(recovery.name).below(p95BelowMs)
  if (!settings?.breaker) return [soon]
  const waitMs = longestWait(settings.breaker, last.endMs - last.startMs)
  const slow = failsAtOnce(story, upstream, last.name) ? 0 : settings.timeout.attempt
  return [
    ...(claim.in.length === 1 ? [breaker(upstream).goes('closed', 'open', 'half_open', 'closed')] : []),
    breaker(upstream).recoversAfter(settings.breaker.recovery, { atMost: LATER * waitMs }),
    breaker(upstream)
      .closesWithin(LATER * waitMs + slow)
      .afterEndOf(last.name),
    soon,
  ]
}

// A probe waits for its request, and recovery times are jittered.
const LATER = 1.5
const SOON: Ms = 1000

/** From the fault's beginning: as many failures as are set, at the rate of the load, and where they are timeouts, these first. */
function openingMs(story: Story, upstream: string, phase: string, { failures }: BreakerSettings): Ms {
  const first = story.phases.find(({ name }) => name === phase)
  const rate = first ? rateOf(story, upstream, first) : 0
  const countedMs = rate > 0 ? (2 * 1000 * failures) / rate : 0
  const noticedMs = failsAtOnce(story, upstream, phase) ? SOON : 2 * (own(story.policies, upstream)?.timeout.attempt ?? SOON)
  return Math.max(noticedMs, countedMs)
}

/** Requests a second for the upstream. */
function rateOf({ load }: Story, upstream: string, { startMs, endMs }: PlannedPhase): number {
  const asked = load.mix.filter(({ probe }) => probe === undefined)
  const weight = (routes: typeof asked): number => routes.reduce((total, route) => total + route.weight, 0)
  const share = weight(asked.filter((route) => reaches(route, upstream))) / weight(asked)
  return (share * expectedArrivals(load, startMs, endMs)) / ((endMs - startMs) / 1000)
}

/** The longest time that it stays open, when every probe fails for `lastsMs`. */
function longestWait({ recovery, recoveryGrowth, recoveryMax }: BreakerSettings, lastsMs: Ms): Ms {
  let wait = recovery
  // A recovery of no time at all would be probed without end.
  if (recovery === 0) return wait
  for (let at = recovery; at < lastsMs && wait < recoveryMax; at += wait) wait = Math.min(recoveryMax, wait * recoveryGrowth)
  return wait
}

/** Whether what is wrong in the phase is told at once. Otherwise only timeouts can notice. */
function failsAtOnce({ faults }: Story, upstream: string, phase: string): boolean {
  const on = faults.filter((fault) => fault.phase === phase && fault.upstream === upstream)
  return on.some(({ fault }) => isTold(fault)) && !on.some(({ fault }) => isSlow(fault))
}

const isTold = (fault: Fault): boolean =>
  fault.made === 'request'
    ? ['status', 'disconnect', 'truncated', 'malformed'].includes(fault.fault.is)
    : fault.made === 'network' && (fault.is === 'down' || fault.toxic.type === 'reset_peer')

const isSlow = (fault: Fault): boolean => fault.made === 'request' && fault.fault.is === 'latency'
