// What every story of a fault asks: of the time before it, of its beginning, of the others while it lasts, of its end.
//
//   steady ──▶ [probes] ──▶ fault: opens soon, refuses at once, harms nobody else ──▶ recovery: probed, closed, as before
import type { WrittenCriterion } from '../../../criteria/writing/call-site.ts'
import { builders } from '../../../criteria/criteria.ts'
import { outcomeNames } from '../../../contract/outcome.ts'
import type { Ms } from '../../../kernel/clock.ts'
import { own } from '../../../kernel/own.ts'
import { reaches } from '../../../plan/plan.ts'
import type { BreakerSettings } from '../../../policies/breaker/settings.ts'
import type { Around } from './around.ts'
import type { Story } from '../claim.ts'
import type { FaultClaim } from './fault-claim.ts'
import { PROBES, burstName } from '../probes/probe-phases.ts'
import type { ProbeName } from '../probes/probes.ts'
import { failsAtOnce, longestWait, openingMs } from './timings.ts'

const { answers, backToBaseline, breaker, errorRate, fallbacks, fastFail, identities, p95, retries, unharmed, unsafeRetries } = builders

// A probe waits for its request, and recovery times are jittered.
const LATER = 1.5
/** For connections and caches to be as before. */
const SETTLES: Ms = 1000

/** What is asked of every fault that is survived, whatever its kind. */
export interface Survives {
  /** The upstream does not fail at once: users are told something in time all the same. */
  inTime?: true
  /** Only timeouts notice. */
  careful?: true
}

export function survives(claim: FaultClaim, story: Story, phases: Around, { inTime, careful }: Survives = {}): WrittenCriterion[] {
  return [
    ...repeatsWithCare(claim, story),
    ...(inTime ? answersInTime(claim, story) : []),
    ...opensAndRefuses(claim, story),
    ...(careful ? probesWithCare(claim, story) : []),
    ...recoversAfterIt(claim, story, phases),
    ...servesFallbacks(claim, story, phases),
    ...wellBefore(claim, story, phases),
    ...harmsNobodyElse(claim.upstream, story, phases),
    ...tellsUsersApart(claim, story),
  ]
}

/** Before anything is wrong, users get good answers: of the upstreams themselves, and soon. */
export function wellBefore({ p95BelowMs, upstream }: FaultClaim, story: Story, { steady }: Around): WrittenCriterion[] {
  if (!steady) return []
  return [
    errorRate().during(steady.name).below('1%'),
    ...asked(story).map((each) => fallbacks(each).during(steady.name).below('1%')),
    p95().of(upstream).during(steady.name).below(p95BelowMs),
  ]
}

/** Upstreams that the load asks anything of. */
const asked = ({ upstreams, load }: Story): string[] => upstreams.filter((name) => load.mix.some((route) => reaches(route, name)))

/** Where requests of the upstream are of several identities, nobody gets another one's answer, neither kept nor shared. */
function tellsUsersApart({ upstream }: FaultClaim, { load }: Story): WrittenCriterion[] {
  const hasSeveral = load.mix.some((route) => reaches(route, upstream) && (route.identities?.length ?? 0) > 1)
  return hasSeveral ? [identities().keptApart()] : []
}

/** The breaker opens soon after the fault begins, and refuses at once; an upstream that fails is not hammered. */
function opensAndRefuses({ upstream, refusesWithinMs, ...claim }: FaultClaim, story: Story): WrittenCriterion[] {
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

/** Where only timeouts notice, a half-open breaker that lets everything pass sends a flood to an upstream that hangs. */
function probesWithCare({ upstream }: FaultClaim, story: Story): WrittenCriterion[] {
  const settings = own(story.policies, upstream)?.breaker
  if (!settings) return []
  const probes = breaker(upstream).probesAtMost(settings.probes)
  // More probes than nobody asked for are no defect.
  return [story.isExpected(upstream, 'breaker') ? probes : probes.warn()]
}

/** What may not be repeated is not, and what may be is repeated as often as is set, in the probes and in the fault alike. */
function repeatsWithCare({ upstream, ...claim }: FaultClaim, story: Story): WrittenCriterion[] {
  const phases = [...(isSent(story, upstream, 'fails-twice') ? [PROBES] : []), ...claim.in]
  const attempts = own(story.policies, upstream)?.retry?.attempts ?? 1
  // Fewer attempts than nobody asked for are no defect.
  const asOften = retries(upstream).during(PROBES).attemptsReach(Math.min(3, attempts))
  const whereSent = (name: ProbeName, ...criteria: WrittenCriterion[]): WrittenCriterion[] =>
    isSent(story, upstream, name) ? criteria : []
  return [
    ...whereSent(
      'fails-once',
      unsafeRetries(upstream)
        .during(...phases)
        .none(),
    ),
    retries(upstream)
      .during(...phases)
      .attemptsAtMost(attempts),
    ...whereSent(
      'not-found',
      retries(upstream)
        .during(burstName({ name: 'not-found', upstream }))
        .notAfter(404),
      ...(own(story.policies, upstream)?.breaker ? [breaker(upstream).blindTo(404)] : []),
    ),
    ...(attempts > 1 ? whereSent('fails-twice', story.isExpected(upstream, 'retry') ? asOften : asOften.warn()) : []),
    ...whereSent('cut-body', answers(upstream).during(PROBES).unspoiled()),
    answers(upstream)
      .during(...claim.in)
      .given(),
    ...whereSent('too-many', retries(upstream).during(PROBES).honourRetryAfter()),
  ]
}

const isSent = ({ sent }: Story, upstream: string, name: ProbeName): boolean =>
  sent.some((probe) => probe.name === name && probe.upstream === upstream)

/** However slow the upstream is, users are told something within the time that a whole call may take. */
function answersInTime({ upstream, ...claim }: FaultClaim, story: Story): WrittenCriterion[] {
  const settings = own(story.policies, upstream)
  if (!settings) return []
  return [
    p95()
      .of(upstream)
      .during(...claim.in)
      .counting(...outcomeNames)
      .below(Math.min(LATER * settings.timeout.total, story.load.timeoutMs)),
  ]
}

/** The others notice nothing. */
export function harmsNobodyElse(upstream: string, story: Story, { steady }: Around): WrittenCriterion[] {
  if (!steady) return []
  return neighbours(upstream, story).map((other) => unharmed(other).comparedWith(steady.name, { latencySlack: '100ms' }))
}

/** The others, as far as some route reaches them and not this one: what both are needed for fails with either. */
const neighbours = (upstream: string, { upstreams, load }: Story): string[] =>
  upstreams.filter((other) => other !== upstream && load.mix.some((route) => reaches(route, other) && !reaches(route, upstream)))

/** What a story about this upstream cannot ask where it has no neighbour. */
export function unaskedOfNeighbours(upstream: string, story: Story): string[] {
  return neighbours(upstream, story).length > 0
    ? []
    : [`what its neighbours notice: no route of the mix reaches another upstream without ${upstream}`]
}

/** Where there is a fallback, users are served while the fault lasts, and on and on. */
function servesFallbacks({ upstream, ...claim }: FaultClaim, story: Story, { steady, recovery }: Around): WrittenCriterion[] {
  if (!own(story.policies, upstream)?.fallback) return []
  return [
    errorRate()
      .during(...claim.in)
      .below('1%'),
    fallbacks(upstream)
      .during(...claim.in)
      .marked(),
    // Both together are enough requests to prove so little.
    ...(recovery
      ? [
          errorRate()
            .during(...(steady ? [steady.name] : []), recovery.name)
            .below('0.1%'),
        ]
      : []),
  ]
}

/** The breaker is probed when its time is over, no earlier and with no more than is set, and closes; then things are as before. */
export function recoversAfterIt(
  { upstream, p95BelowMs, ...claim }: Pick<FaultClaim, 'upstream' | 'p95BelowMs' | 'in'>,
  story: Story,
  { steady, faulted, recovery }: Around,
): WrittenCriterion[] {
  const last = faulted.at(-1)
  const settings = own(story.policies, upstream)
  if (!last || !recovery || !settings) return []
  const slow = failsAtOnce(story, upstream, last.name) ? 0 : settings.timeout.attempt
  const waitMs = settings.breaker ? longestWait(settings.breaker, last.endMs - last.startMs) : 0
  const closedMs = LATER * waitMs + slow
  return [
    ...(settings.breaker && isOnlyFault(story, upstream, claim.in)
      ? [breaker(upstream).goes('closed', 'open', 'half_open', 'closed')]
      : []),
    ...(settings.breaker
      ? [probedInTime(story, upstream, settings.breaker, LATER * waitMs), breaker(upstream).closesWithin(closedMs).afterEndOf(last.name)]
      : []),
    ...(steady
      ? [
          backToBaseline(upstream)
            .after(last.name)
            .within(closedMs + SETTLES)
            .comparedWith(steady.name, { latencySlack: '100ms' }),
        ]
      : []),
    p95().of(upstream).during(recovery.name).below(p95BelowMs),
  ]
}

/** When it probes is its own affair where nobody set it; that users are served again in time is not. */
function probedInTime(story: Story, upstream: string, { recovery }: BreakerSettings, atMost: Ms): WrittenCriterion {
  const probed = breaker(upstream).recoversAfter(recovery, { atMost })
  return story.isExpected(upstream, 'breaker') ? probed : probed.warn()
}

/** Whether the upstream is well but for one phase: only then is it known which way its breaker goes. */
function isOnlyFault({ faults, phases }: Story, upstream: string, names: readonly string[]): boolean {
  const probed = new Set(phases.filter(({ probes }) => probes).map(({ name }) => name))
  const faulted = new Set(faults.filter((fault) => fault.upstream === upstream && !probed.has(fault.phase)).map(({ phase }) => phase))
  return faulted.size === 1 && names.length === 1 && faulted.has(names[0]!)
}
