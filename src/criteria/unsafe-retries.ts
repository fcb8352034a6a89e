// unsafeRetries('gemini').none(): a request that is not safe to repeat arrives once. What has arrived has reached the upstream, so a
// second arrival is a repeat, and so is a second one that the proxy's front saw. It is safe when all attempts of the request carry one and the same idempotency key.
import { idempotentMethods } from '../contract/methods.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { ArrivalCell } from '../evidence/fold/arrivals.ts'
import { atTime, count, plural } from '../kernel/wording.ts'
import { type WrittenCriterion, written } from './writing/call-site.ts'
import { criterionType } from './criterion-type.ts'
import { inPhases, named, ofOne } from './writing/fields.ts'
import { type Scoped, arrivalsIn, attemptsIn, countIn, requestsIn, windowOf } from './measure/scope.ts'
import { lackOfIds, unjoinedIn } from './measure/gaps/unjoined-attempts.ts'
import { whyUnseen } from './measure/gaps/unseen-attempts.ts'
import { type UpstreamRef, during, nameOf } from './writing/notation.ts'

export interface UnsafeRetriesCriterion {
  during(...phases: string[]): UnsafeRetriesCriterion
  /** No request that is not safe to repeat arrives at the upstream a second time. */
  none(): WrittenCriterion
}

function build(of: UpstreamRef, phases: readonly string[] = []): UnsafeRetriesCriterion {
  return {
    during: (...names) => build(of, names),
    none: () => written({ kind: 'no_unsafe_retries', upstream: nameOf(of), ...during(phases) }),
  }
}

export const unsafeRetries = criterionType({
  kind: 'no_unsafe_retries',
  doc: {
    written: "unsafeRetries('gemini').none()",
    demands: 'No request that is not safe to repeat reaches the upstream twice, unless all its attempts carry one idempotency key.',
    over: 'named',
    counts: "Arrivals of requests whose method is not idempotent, such as POST, at the fake and at the proxy's front.",
    samples: 'one unsafe request',
    undecided:
      'No unsafe request arrived, or the gateway does not pass x-request-id on, so nobody knows which request an attempt belongs to.',
  },
  fields: ofOne,
  build: { unsafeRetries: (of: UpstreamRef): UnsafeRetriesCriterion => build(of) },
  relation: 'none',
  breaker: 'none',
  causes: ['unsafe_retry'],
  sentence: (criterion) => `no unsafe request reaches ${criterion.upstream} twice${inPhases(criterion.during)}`,
  phases: named,
  needs: () => 1,

  judge({ upstream, ...criterion }, run) {
    const { plan, evidence } = run
    const window = windowOf(plan, criterion.during)
    const scope = { upstream, phases: window.phases }
    const unsafe = arrivalsIn(evidence, scope).filter(({ method }) => isUnsafe(method))
    const unjoined = unjoinedIn(run, scope, isUnsafe)
    const n = countOf(unsafe) - unjoined
    const base = { n, interval: null, bound: 0, unit: 'requests', window } as const
    const { repeats, first } = repeatsIn(evidence, scope, unsafe)
    const failed = { ...base, result: 'fail', cause: 'unsafe_retry', witnessed: true } as const
    const excess = unjoined > 0 ? arrivedInExcess(evidence, upstream, window.phases) : undefined
    const excessive = excess === undefined ? 0 : excess[0] - excess[1]
    // Each of the two is a lower bound of all repeats.
    if (repeats > 0 && repeats >= excessive) {
      const why = `${count(repeats)} of ${plural(n, 'unsafe arrival')} were repeats${first === undefined ? '' : ` (first ${first})`}`
      return { ...failed, measured: repeats, why }
    }
    if (excess) {
      const [arrived, sent] = excess
      const why = `at least ${count(excessive)} of ${count(arrived)} unsafe arrivals were repeats: only ${count(sent)} requests were sent`
      return { ...failed, n: arrived, measured: excessive, why }
    }
    if (unjoined > 0) {
      const why = `${plural(unjoined, 'unsafe request')} arrived without the x-request-id of their client, so repeats cannot be told; pass the header on`
      return { ...base, result: 'inconclusive', cause: 'no_samples', ...lackOfIds(run, scope), measured: n === 0 ? null : 0, why }
    }
    const unseen = whyUnseen(run, scope)
    if (unseen !== undefined) return { ...base, result: 'inconclusive', cause: 'attempts_unseen', measured: null, why: unseen }
    if (n === 0) {
      const why = `no request that is unsafe to repeat arrived at ${upstream}`
      return { ...base, result: 'inconclusive', cause: 'no_samples', measured: null, why }
    }
    const keyed = countOf(unsafe.filter(({ idempotent }) => idempotent))
    const once = keyed === 0 ? 'each once' : 'each once, or with one key for all its attempts'
    return { ...base, result: 'pass', measured: 0, why: `${plural(n, 'unsafe request')} arrived, ${once}` }
  },
})

/**
 * Repeats of requests that may not be repeated. Those of the client's requests are told request by request; an id of the gateway's own
 * that came again without a key is one too.
 */
function repeatsIn(evidence: Evidence, scope: Scoped, unsafe: readonly ArrivalCell[]): { repeats: number; first: string | undefined } {
  const cells = attemptsIn(evidence, scope)
  const ofRequests = cells.reduce((total, cell) => total + cell.unsafe.repeats, 0)
  const ofIds = unsafe
    .filter(({ idempotent }) => !idempotent)
    .reduce((total, { byAttempt }) => total + byAttempt.slice(2).reduce((sum, arrivals) => sum + arrivals, 0), 0)
  const seen = cells.flatMap(({ unsafe: { first } }) => first ?? []).toSorted((a, b) => a.atMs - b.atMs)
  const [first] = seen
  return {
    repeats: Math.max(ofRequests, ofIds),
    first: first && [first.method, first.route, first.request, atTime(first.atMs)].filter((word) => word !== '').join(' '),
  }
}

/** Unsafe arrivals and requests, when there were more of the former: both in the window, beyond what its edges may shift, and in the whole run. */
function arrivedInExcess(evidence: Evidence, upstream: string, phases: readonly string[]): [arrived: number, sent: number] | undefined {
  const counts = (within: readonly string[]): [number, number] => [
    countOf(arrivalsIn(evidence, { upstream, phases: within }).filter((cell) => !cell.idempotent)),
    countIn(requestsIn(evidence, { upstream, phases: within })),
  ]
  const unfinished = evidence.load ? evidence.load.sent - evidence.load.ended : 0
  const [arrived, sent] = counts(phases)
  const [arrivedInAll, sentInAll] = counts(evidence.phases.map(({ phase }) => phase))
  const isCertain = arrived > sent + (evidence.load?.mostInFlight ?? 0) && arrivedInAll > sentInAll + unfinished
  return isCertain ? [arrived, sent] : undefined
}

const isUnsafe = (method: string): boolean => !idempotentMethods.has(method)
const countOf = (cells: readonly ArrivalCell[]): number => cells.reduce((total, cell) => total + cell.count, 0)
