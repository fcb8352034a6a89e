// fallbacks('gemini').marked(): an answer that the upstream did not give says so. A body that the upstream sent before the request was
// made, and that no attempt of the request brought, is a fallback whatever it says.
import { count, plural } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne } from '../writing/fields.ts'
import { fallbacksIn, unbackedText } from '../measure/fallbacks.ts'
import { countIn, requestsIn, wholeRun, windowOf } from '../measure/scope.ts'

export const marked = criterionType({
  kind: 'fallbacks_marked',
  doc: {
    written: "fallbacks('gemini').marked()",
    demands: 'An answer that the upstream did not give says so, with x-gateway-fallback.',
    over: 'named',
    counts: 'Answers that ended ok or as a fallback, and what each of them stands on.',
    samples: 'one fallback',
    undecided: 'No fallback was seen, or the gateway does not pass x-request-id on, so nobody knows which request an attempt belongs to.',
  },
  fields: ofOne,
  build: {
    /** Every answer that the upstream did not give is marked as a fallback. */
    marked: (scope: { upstream: string; during?: string[] }) => (): WrittenCriterion => written({ kind: 'fallbacks_marked', ...scope }),
  },
  relation: 'none',
  breaker: 'none',
  causes: ['fallback_unmarked'],
  sentence: ({ upstream, during }) => `every fallback for ${upstream}${inPhases(during)} is marked as one`,
  phases: named,
  needs: () => 1,
  asks: ['plain_bodies'],

  judge({ upstream, during }, run) {
    const { plan, evidence } = run
    const window = windowOf(plan, during)
    const scope = { upstream, phases: window.phases }
    const { marked: honest, unmarked, unbacked } = fallbacksIn(run, scope)
    const n = honest.count + unmarked.count
    const base = { n, measured: unmarked.count, interval: null, bound: 0, unit: 'requests', window } as const
    // A gateway that marks nothing at all may not know the mark.
    const marksNothing = countIn(requestsIn(evidence, { upstream, phases: wholeRun(plan).phases }), ['fallback']) === 0
    const lacks = marksNothing ? ({ absent: 'fallback' } as const) : {}
    if (unmarked.count > 0) {
      const why = `${count(unmarked.count)} of ${plural(n, 'fallback')} looked like answers of ${upstream}; set x-gateway-fallback on them`
      return { ...base, result: 'fail', cause: 'fallback_unmarked', witnessed: true, ...lacks, why }
    }
    if (unbacked > 0) return { ...base, result: 'inconclusive', cause: 'contradiction', ...lacks, why: unbackedText(unbacked) }
    if (n === 0) {
      const why = `no request for ${upstream} got a fallback`
      return { ...base, result: 'inconclusive', cause: 'no_samples', measured: null, ...lacks, why }
    }
    return { ...base, result: 'pass', why: `${plural(n, 'fallback')}, each marked as one` }
  },
})
