// amplification('gemini').during('outage').below(3): attempts at the upstream per client request that was tried there at all. A request
// that an open breaker refused is none of them: it would dilute the rest.
//
// Where the proxy's front tells of attempts that died on their way, these count too. Where nobody knows which request an attempt
// belongs to, the mean lies between arrivals per request, and arrivals per request that surely was tried.
import * as z from 'zod'
import type { Evidence } from '../evidence/evidence.ts'
import { needsText, plural } from '../kernel/wording.ts'
import { type WrittenCriterion, written } from './writing/call-site.ts'
import { criterionType } from './criterion-type.ts'
import { inPhases, named, ofOne } from './writing/fields.ts'
import { MAX_UNSEEN_COUNT, meanInterval, meanOf, meanOfSumInterval } from './measure/statistics/mean-of-counts.ts'
import { CONFIDENCE, samplesFor } from './measure/statistics/sample-size.ts'
import { type Scoped, arrivalsIn, attemptsIn, countIn, requestsIn, windowOf } from './measure/scope.ts'
import { lackOfIds, unjoinedIn } from './measure/gaps/unjoined-attempts.ts'
import { whyUnseen } from './measure/gaps/unseen-attempts.ts'
import { type UpstreamRef, during, nameOf } from './writing/notation.ts'
import type { Case } from './finding/raw-finding.ts'

export interface AmplificationCriterion {
  during(...phases: string[]): AmplificationCriterion
  /** Arrivals at the upstream per client request for it. */
  below(limit: number): WrittenCriterion
}

function build(of: UpstreamRef, phases: readonly string[] = []): AmplificationCriterion {
  return {
    during: (...names) => build(of, names),
    below: (limit) => written({ kind: 'amplification', upstream: nameOf(of), ...during(phases), below: limit }),
  }
}

/** How many requests bound the mean below `limit` when each of them is tried once. */
const needed = (limit: number): number => samplesFor(1 - (limit - 1) / (MAX_UNSEEN_COUNT - 1))

export const amplification = criterionType({
  kind: 'amplification',
  doc: {
    written: "amplification('gemini').during('outage').below(3)",
    demands: 'The upstream gets fewer attempts per request than the limit.',
    over: 'named',
    counts: 'Requests that were tried at the upstream at all, and every attempt of theirs, those that a network fault swallowed included.',
    samples: '12 for a limit of 3',
    undecided: 'The bounds of the mean lie on both sides of the limit, or attempts may have been lost where nobody counts them.',
  },
  fields: { ...ofOne, below: z.number().positive() },
  build: { amplification: (of: UpstreamRef): AmplificationCriterion => build(of) },
  relation: 'below',
  breaker: 'none',
  causes: ['retry_storm'],
  sentence: (criterion) => `attempts per request at ${criterion.upstream}${inPhases(criterion.during)} stay below ${criterion.below}`,
  phases: named,
  needs: ({ below }) => needed(below),

  judge({ upstream, below, ...criterion }, run) {
    const window = windowOf(run.plan, criterion.during)
    const { tried, arrived, interval } = attemptsPerRequest(run, { upstream, phases: window.phases })
    const base = { n: tried, bound: below, unit: 'per_call', window } as const
    if (tried === 0) {
      const nothing = { ...base, result: 'inconclusive', cause: 'no_samples', measured: null, interval: null } as const
      return { ...nothing, needsMore: needed(below), why: `no request was tried at ${upstream}` }
    }
    const measured = arrived / tried
    const [lower, upper] = interval(CONFIDENCE)
    const figures = `${plural(arrived, 'attempt')} for ${plural(tried, 'request')}: ${figure(measured)} each (${figure(lower)} to ${upper === null ? 'any number' : figure(upper)})`
    const failsAt = [(confidence: number) => interval(confidence)[0] >= below]
    const judged = { ...base, measured, interval: [lower, upper] as [number, number | null], failsAt }
    const unseen = lower < below ? whyUnseen(run, { upstream, phases: window.phases }) : undefined
    if (unseen !== undefined) return { ...judged, result: 'inconclusive', cause: 'attempts_unseen', why: `${unseen} (so far: ${figures})` }
    if (upper !== null && upper < below) return { ...judged, result: 'pass', why: `${figures}, limit ${below}` }
    if (lower >= below) return { ...judged, result: 'fail', cause: 'retry_storm', why: `${figures}, promised below ${below}` }
    const isJoined = unjoinedIn(run, { upstream, phases: window.phases }) === 0
    // More requests tell no better which of them was tried.
    const remedy = isJoined ? {} : { remedy: lackOfIds(run, { upstream }).remedy }
    const undecided = { ...judged, result: 'inconclusive', cause: 'too_few_samples', ...remedy } as const
    const needsMore = needed(below) - tried
    if (needsMore <= 0) return { ...undecided, why: `${figures}, limit ${below}: too close to tell` }
    return { ...undecided, needsMore, why: `${figures}, limit ${below}${needsText(needsMore)}` }
  },
})

interface Attempts {
  /** Requests that were tried at all. */
  tried: number
  arrived: number
  interval: (confidence: number) => [lower: number, upper: number | null]
}

function attemptsPerRequest(run: Case, scope: Scoped): Attempts {
  const { evidence } = run
  if (unjoinedIn(run, scope) > 0) return unjoinedAttempts(evidence, scope)
  const byCount: number[] = []
  for (const { byAttempts, byHeads } of attemptsIn(evidence, scope))
    for (const [attempts, requests] of (byHeads.length > 0 ? byHeads : byAttempts).entries())
      byCount[attempts] = (byCount[attempts] ?? 0) + requests
  const { n, sum } = meanOf(byCount)
  return { tried: n, arrived: sum, interval: (confidence) => (n === 0 ? [0, null] : meanInterval(byCount, confidence)) }
}

/** How many attempts which request made is not known. Of all requests, those that ended ok were surely tried. */
function unjoinedAttempts(evidence: Evidence, scope: Scoped): Attempts {
  const arrived = arrivalsIn(evidence, scope).reduce((total, cell) => total + cell.count, 0)
  const cells = requestsIn(evidence, scope)
  const [requests, ok] = [countIn(cells), countIn(cells, ['ok'])]
  return {
    tried: requests,
    arrived,
    interval(confidence) {
      if (requests === 0) return [0, null]
      const [few, many] = meanOfSumInterval(arrived, requests, confidence)
      return [few, ok === 0 ? null : (many * requests) / ok]
    },
  }
}

const figure = (value: number): string => String(Number(value.toPrecision(3)))
