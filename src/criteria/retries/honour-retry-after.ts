// retries('gemini').honourRetryAfter(): when an answer asks to wait, the same request is not tried again before that time has passed. To
// give up at once is as good.
import { countFrom } from '../../evidence/latency-histogram.ts'
import type { Ms } from '../../kernel/clock.ts'
import { atTime, plural, span } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne } from '../writing/fields.ts'
import { hiddenRetries, retriesIn, shortWithoutDelay, whyUnheard, whyUntimed } from '../measure/retries.ts'
import { windowOf } from '../measure/scope.ts'

// Stamps of two processes, and a timer that fires early.
const SLACK: Ms = 25

export const honourRetryAfter = criterionType({
  kind: 'retry_after_honoured',
  doc: {
    written: "retries('gemini').honourRetryAfter()",
    demands: 'No retry comes before the time that Retry-After asked for has passed. To give up is as good.',
    over: 'named',
    counts: 'Answers of the upstream with Retry-After, and the next attempt of the same request.',
    samples: 'one such answer',
    undecided: 'No answer asked to wait, or when attempts began is not known.',
  },
  fields: ofOne,
  build: {
    /** After an answer with Retry-After, the same request is not tried again before that time has passed. */
    honourRetryAfter: (scope: { upstream: string; during?: string[] }) => (): WrittenCriterion =>
      written({ kind: 'retry_after_honoured', ...scope }),
  },
  relation: 'none',
  breaker: 'none',
  causes: ['retried_early'],
  sentence: ({ upstream, during }) => `no retry at ${upstream}${inPhases(during)} comes before its Retry-After has passed`,
  phases: named,
  needs: () => 1,

  judge({ upstream, during }, run) {
    const window = windowOf(run.plan, during)
    const scope = { upstream, phases: window.phases }
    const { told, swallowed, late } = retriesIn(run.evidence, scope)
    const countEarlierBy = (slackMs: Ms): number => countFrom(told.early, SLACK + slackMs)
    const early = countEarlierBy(0)
    const base = { n: told.attempts, measured: early, interval: null, bound: 0, unit: 'requests', window } as const
    if (early > 0) {
      const { request, atMs, toldMs, waitedMs } = told.worst!
      const worst = `request ${request} was tried again ${atTime(atMs)}, ${span(waitedMs)} after it was told to wait ${span(toldMs)}`
      const why = `${plural(early, 'retry', 'retries')} after ${plural(told.attempts, 'Retry-After')} came too early: ${worst}`
      const unheard = whyUnheard(run, scope)
      if (unheard !== undefined) return { ...base, result: 'inconclusive', cause: 'attempts_unseen', why: `${unheard} (so far: ${why})` }
      return {
        ...base,
        result: 'fail',
        cause: 'retried_early',
        witnessed: true,
        withoutHarnessDelay: shortWithoutDelay(countEarlierBy),
        why,
      }
    }
    const doubt = hiddenRetries(run, scope)
    if (told.attempts === 0 && doubt?.absent !== undefined) return { ...base, result: 'inconclusive', measured: null, ...doubt }
    if (told.attempts === 0) {
      const why = `no answer of ${upstream} asked to wait; add a fault such as status('${upstream}', 429, { retryAfter: '1' })`
      return { ...base, result: 'inconclusive', cause: 'no_samples', measured: null, why }
    }
    if (doubt) return { ...base, result: 'inconclusive', ...doubt }
    const untimed = told.repeated > 0 ? whyUntimed(run, scope) : undefined
    if (untimed !== undefined) return { ...base, result: 'inconclusive', cause: 'attempts_unseen', why: untimed }
    if (swallowed + late > 0) {
      const why = `when ${plural(swallowed + late, 'attempt')} began that no answer was seen to, nobody knows`
      return { ...base, result: 'inconclusive', cause: 'attempts_unseen', why }
    }
    const again = told.repeated === 0 ? 'none was tried again' : `${told.repeated} were tried again, none too early`
    return { ...base, result: 'pass', why: `${plural(told.attempts, 'answer')} asked to wait, ${again}` }
  },
})
