// answers('gemini').unspoiled(): what broke off at the upstream, or was garbage, is never handed on as a good answer. A gateway may say
// that it failed, try again, or break off too; it may not make a whole 200 of half a body.
import { plural } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne } from '../writing/fields.ts'
import { hiddenRetries, retriesIn } from '../measure/retries.ts'
import { requestsIn, windowOf } from '../measure/scope.ts'
import { spoiledIn } from '../measure/gaps/unsupported-answers.ts'

export const unspoiled = criterionType({
  kind: 'answers_unspoiled',
  doc: {
    written: "answers('gemini').unspoiled()",
    demands: 'What broke off at the upstream, or was garbage, is never handed on as a good answer.',
    over: 'named',
    counts: 'Requests whose last attempt the upstream spoiled.',
    samples: 'one spoiled attempt',
    undecided:
      'The upstream spoiled no answer, or the gateway does not pass x-request-id on, so nobody knows which request an attempt belongs to.',
  },
  fields: ofOne,
  build: {
    /** No answer that the upstream broke off, or spoiled, is handed on as a good one. */
    unspoiled: (scope: { upstream: string; during?: string[] }) => (): WrittenCriterion => written({ kind: 'answers_unspoiled', ...scope }),
  },
  relation: 'none',
  breaker: 'none',
  causes: ['damaged_body'],
  sentence: ({ upstream, during }) => `no answer that ${upstream} broke off or spoiled${inPhases(during)} is handed on as a good one`,
  phases: named,
  needs: () => 1,

  judge({ upstream, during }, run) {
    const window = windowOf(run.plan, during)
    const scope = { upstream, phases: window.phases }
    const completed = requestsIn(run.evidence, scope).reduce((total, cell) => total + cell.completed, 0)
    const spoiled = spoiledIn(run.evidence, upstream, window.phases) + completed
    const n = retriesIn(run.evidence, scope).spoiled
    const base = { n, measured: spoiled, interval: null, bound: 0, unit: 'requests', window } as const
    if (spoiled > 0) {
      const why = `${plural(spoiled, 'request')} got a whole answer of one that ${upstream} had broken off or spoiled`
      return { ...base, result: 'fail', cause: 'damaged_body', witnessed: true, why }
    }
    const hidden = hiddenRetries(run, scope)
    if (hidden) return { ...base, result: 'inconclusive', ...hidden }
    if (n === 0) {
      const why = `no answer of ${upstream} broke off; add a fault such as truncated('${upstream}')`
      return { ...base, result: 'inconclusive', cause: 'no_samples', measured: null, why }
    }
    return { ...base, result: 'pass', why: `${plural(n, 'answer')} broke off or came spoiled, and none of them made a good one` }
  },
})
