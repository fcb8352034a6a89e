// answers('gemini').given(): an answer that ended ok was given by the upstream for that very request, or says that it is a fallback.
// It fails the gateway that tells errors as 200, makes answers up, or serves kept ones as new.
import { count, plural } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne } from '../writing/fields.ts'
import { fallbacksIn } from '../measure/fallbacks.ts'
import { countIn, requestsIn, windowOf, wholeRun } from '../measure/scope.ts'
import type { Case } from '../finding/raw-finding.ts'

export const given = criterionType({
  kind: 'answers_given',
  doc: {
    written: "answers('gemini').given()",
    demands: 'An answer that ended ok was given by the upstream for that very request, or says that it is a fallback.',
    over: 'named',
    counts: 'Answers that ended ok, and what each of them stands on.',
    samples: 'one answer',
    undecided: 'No answer was seen, or the gateway does not pass x-request-id on, so nobody knows which request an attempt belongs to.',
  },
  fields: ofOne,
  build: {
    /** Every answer that ends ok is one that the upstream gave, or is marked as a fallback. */
    given: (scope: { upstream: string; during?: string[] }) => (): WrittenCriterion => written({ kind: 'answers_given', ...scope }),
  },
  relation: 'none',
  breaker: 'none',
  causes: ['fallback_unmarked', 'made_up'],
  sentence: ({ upstream, during }) => `every good answer for ${upstream}${inPhases(during)} was given by it, or says that it is a fallback`,
  phases: named,
  needs: () => 1,
  asks: ['plain_bodies'],

  judge({ upstream, during }, run) {
    const window = windowOf(run.plan, during)
    const scope = { upstream, phases: window.phases }
    const n = countIn(requestsIn(run.evidence, scope))
    const { unmarked, unbacked } = fallbacksIn(run, scope)
    const measured = unmarked.count + unbacked
    const base = { n, measured, interval: null, bound: 0, unit: 'requests', window } as const
    if (n === 0) return { ...base, measured: null, result: 'inconclusive', cause: 'no_samples', why: `no request for ${upstream} ended` }
    if (measured === 0) return { ...base, result: 'pass', why: `${plural(n, 'request')} ended, and no good answer came from elsewhere` }
    const kept = unmarked.count > 0 ? `${count(unmarked.count)} held what ${upstream} had said before` : ''
    const madeUp = unbacked > 0 ? `${count(unbacked)} held what it never said` : ''
    const which = [kept, madeUp].filter((text) => text !== '').join(', ')
    const why = `${plural(measured, 'answer')} of ${count(n)} ended ok though ${upstream} gave none: ${which}; an error must not answer 200, a fallback must say so (x-gateway-fallback)`
    // Where the gateway writes bodies anew, a kept one cannot be told from a shared one.
    if (unmarked.count === 0 && writesAnew(run, upstream)) return { ...base, result: 'inconclusive', cause: 'contradiction', why }
    return { ...base, result: 'fail', cause: unbacked > unmarked.count ? 'made_up' : 'fallback_unmarked', witnessed: true, why }
  },
})

/** Whether good answers reach clients with another body than the upstream sent. */
function writesAnew({ plan, evidence }: Case, upstream: string): boolean {
  const cells = requestsIn(evidence, { upstream, phases: wholeRun(plan).phases }).filter(({ outcome }) => outcome === 'ok')
  const [same, other] = [cells.reduce((sum, { bodies }) => sum + bodies.same, 0), cells.reduce((sum, { bodies }) => sum + bodies.other, 0)]
  return other > same
}
