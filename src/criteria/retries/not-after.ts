// retries('gemini').notAfter(400, 404): what a repeat cannot mend is not asked for again.
import * as z from 'zod'
import { countFrom } from '../../evidence/latency-histogram.ts'
import { mergeLatencies } from '../../evidence/merge-latencies.ts'
import type { Ms } from '../../kernel/clock.ts'
import { plural } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne } from '../writing/fields.ts'
import { hiddenRetries, retriesIn, whyUnheard } from '../measure/retries.ts'
import { windowOf } from '../measure/scope.ts'

// A hedged attempt may be on its way already when the answer to the first one comes.
const ON_THE_WAY: Ms = 25

export const notAfter = criterionType({
  kind: 'no_retry_after',
  doc: {
    written: "retries('gemini').notAfter(400, 404)",
    demands: 'What a repeat cannot mend is not asked for again.',
    over: 'named',
    counts: 'Attempts that the upstream answered with these statuses, and what followed them.',
    samples: 'one such answer',
    undecided: 'No such answer was given, or when attempts began is not known well enough.',
  },
  fields: { ...ofOne, statuses: z.array(z.int().min(400).max(599)).min(1) },
  build: {
    /** A request that the upstream answered with one of these statuses is not tried again. */
    notAfter:
      (scope: { upstream: string; during?: string[] }) =>
      (...statuses: number[]): WrittenCriterion =>
        written({ kind: 'no_retry_after', ...scope, statuses }),
  },
  relation: 'none',
  breaker: 'none',
  causes: ['retried_in_vain'],
  sentence: ({ upstream, during, statuses }) =>
    `no request is tried again after ${statuses.join(' or ')} of ${upstream}${inPhases(during)}`,
  phases: named,
  needs: () => 1,

  judge({ upstream, statuses, during }, run) {
    const window = windowOf(run.plan, during)
    const scope = { upstream, phases: window.phases }
    const { ended, overlapped, swallowed, late } = retriesIn(run.evidence, scope)
    const answered = ended.filter(({ status }) => statuses.includes(status))
    const n = answered.reduce((total, { attempts }) => total + attempts, 0)
    const repeated = answered.reduce((total, each) => total + each.repeated, 0)
    const gaps = mergeLatencies(answered.map((each) => each.gaps))
    const certain = overlapped === 0 ? repeated : countFrom(gaps, ON_THE_WAY)
    const base = { n, measured: repeated, interval: null, bound: 0, unit: 'requests', window } as const
    if (certain > 0) {
      const each = answered.filter((some) => some.repeated > 0).map(({ status, repeated: times }) => `${times} after ${status}`)
      const why = `${plural(certain, 'request')} of ${n} tried again: ${each.join(', ')}`
      const unheard = whyUnheard(run, scope)
      if (unheard !== undefined) return { ...base, result: 'inconclusive', cause: 'attempts_unseen', why: `${unheard} (so far: ${why})` }
      return { ...base, result: 'fail', cause: 'retried_in_vain', witnessed: true, why }
    }
    if (n === 0) {
      const why = `no answer of ${upstream} was ${statuses.join(' or ')}; add a fault such as status('${upstream}', ${statuses[0]}, { share: 0.1 })`
      return { ...base, result: 'inconclusive', cause: 'no_samples', measured: null, why }
    }
    const doubt = hiddenRetries(run, scope)
    if (doubt) return { ...base, result: 'inconclusive', ...doubt }
    if (repeated + swallowed + late > 0) {
      const why = `${plural(repeated + swallowed + late, 'attempt')} may have been retries: when they began is not known well enough`
      return { ...base, result: 'inconclusive', cause: 'attempts_unseen', why }
    }
    return { ...base, result: 'pass', why: `${plural(n, 'answer')} of ${statuses.join(' or ')}, and none of them was asked for again` }
  },
})
