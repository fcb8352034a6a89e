// concurrency('gemini').atMost(10): never more requests at the upstream at once than the gateway's bulkhead allows, however many wait.
import { count, plural, span } from '../../kernel/wording.ts'
import type { Ms } from '../../kernel/clock.ts'
import * as z from 'zod'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne } from '../writing/fields.ts'
import { arrivalsIn, countIn, requestsIn, windowOf } from '../measure/scope.ts'
import { type UpstreamRef, during, nameOf } from '../writing/notation.ts'
import { whyEndsAreLate } from './late-ends.ts'

export interface ConcurrencyCriterion {
  during(...phases: string[]): ConcurrencyCriterion
  /** Requests that are at the upstream at once. */
  atMost(most: number): WrittenCriterion
}

function build(of: UpstreamRef, phases: readonly string[] = []): ConcurrencyCriterion {
  return {
    during: (...names) => build(of, names),
    atMost: (most) => written({ kind: 'concurrency_at_most', upstream: nameOf(of), ...during(phases), most }),
  }
}

// A gateway gives a request's place to the next one as soon as it has given it up; the upstream hears of the end on one connection and of
// the beginning on another.
const HANDOVER: Ms = 50

export const concurrency = criterionType({
  kind: 'concurrency_at_most',
  doc: {
    written: "concurrency('gemini').atMost(10)",
    demands: 'The upstream never has more requests at once than the bulkhead allows.',
    over: 'named',
    counts: 'Requests that are open at the upstream at the same time.',
    samples: 'one moment in which more were asked for',
    undecided: 'The load never asked for so many at once.',
  },
  fields: { ...ofOne, most: z.int().min(1) },
  build: { concurrency: (of: UpstreamRef): ConcurrencyCriterion => build(of) },
  relation: 'at_most',
  breaker: 'none',
  causes: ['too_many_at_once'],
  sentence: ({ upstream, most, ...criterion }) => `at most ${plural(most, 'request')} at once at ${upstream}${inPhases(criterion.during)}`,
  phases: named,
  needs: () => 1,

  judge({ upstream, most, ...criterion }, run) {
    const { plan, evidence } = run
    const window = windowOf(plan, criterion.during)
    const scope = { upstream, phases: window.phases }
    const n = arrivalsIn(evidence, scope).reduce((total, cell) => total + cell.count, 0)
    const longestMs = evidence.concurrency
      .filter((cell) => cell.upstream === upstream && window.phases.includes(cell.phase))
      .reduce<Ms[]>((longest, cell) => {
        for (const [at, ms] of cell.longestMs.entries()) longest[at] = Math.max(longest[at] ?? 0, ms)
        return longest
      }, [])
    const highest = longestMs.length - 1
    const sustained = longestMs.findLastIndex((ms) => ms > HANDOVER)
    const base = { n, interval: null, bound: most, unit: 'requests', window } as const
    if (highest < 1)
      return { ...base, result: 'inconclusive', cause: 'no_samples', measured: null, why: `no request arrived at ${upstream}` }
    const measured = Math.max(sustained, Math.min(highest, most))
    const judged = { ...base, measured }
    if (sustained > most) {
      const why = `${count(sustained)} requests were at ${upstream} at once, for ${span(longestMs[sustained]!)}, promised ${count(most)}`
      const heldUp = whyEndsAreLate(plan, scope)
      if (heldUp !== undefined) return { ...judged, result: 'inconclusive', cause: 'attempts_unseen', why: `${heldUp} (so far: ${why})` }
      return {
        ...judged,
        result: 'fail',
        cause: 'too_many_at_once',
        why,
        // A fake that stands still hears of ends too late.
        withoutHarnessDelay: ({ stallMs, saturated }) =>
          saturated ? 'inconclusive' : longestMs[most + 1]! > HANDOVER + stallMs ? 'fail' : 'pass',
      }
    }
    const atOnce = `never more than ${plural(measured, 'request')} at once`
    // A limit that nothing ever reached was not tried.
    if (highest < most && countIn(requestsIn(evidence, scope), ['shed']) === 0) {
      const why = `${atOnce}: too few to try a limit of ${count(most)}; slow the upstream down (faults.latency), or raise the rate`
      return { ...judged, result: 'inconclusive', cause: 'too_few_samples', why }
    }
    return { ...judged, result: 'pass', why: `${atOnce}, over ${plural(n, 'request')}` }
  },
})
