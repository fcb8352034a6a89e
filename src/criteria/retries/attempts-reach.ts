// retries('gemini').attemptsReach(3): a request that may be repeated, and keeps failing, is tried so often before the gateway gives up.
import * as z from 'zod'
import { idempotentMethods } from '../../contract/methods.ts'
import { plural } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne } from '../writing/fields.ts'
import { failuresOf, hiddenRetries, retriesIn, unrepeatedFailures } from '../measure/retries.ts'
import { spells } from '../measure/breaker/breaker-history.ts'
import { windowOf } from '../measure/scope.ts'

export const attemptsReach = criterionType({
  kind: 'attempts_reach',
  fields: { ...ofOne, least: z.int().min(2) },
  build: {
    /** Some request that keeps failing is tried so often, its first attempt included. */
    attemptsReach:
      (scope: { upstream: string; during?: string[] }) =>
      (least: number): WrittenCriterion =>
        written({ kind: 'attempts_reach', ...scope, least }),
  },
  relation: 'all',
  breaker: 'none',
  causes: ['gave_up_early'],
  sentence: ({ upstream, during, least }) =>
    `a request that keeps failing is tried ${plural(least, 'time')} at ${upstream}${inPhases(during)}`,
  phases: named,
  needs: () => 1,

  judge({ upstream, least, during }, run) {
    const { plan, evidence } = run
    const window = windowOf(plan, during)
    const safe = new Set(plan.load.mix.filter(({ method }) => idempotentMethods.has(method)).map(({ route }) => route))
    const repeatable = { ...evidence, retries: evidence.retries.filter(({ route }) => safe.has(route)) }
    const scope = { upstream, phases: window.phases }
    const seen = retriesIn(repeatable, scope)
    const failures = failuresOf(seen)
    const base = { n: failures, measured: Math.min(seen.most, least), interval: null, bound: least, unit: 'requests', window } as const
    if (seen.most >= least) return { ...base, result: 'pass', why: `a request was tried ${plural(seen.most, 'time')}, promised ${least}` }
    const hidden = hiddenRetries(run, scope)
    if (hidden) return { ...base, result: 'inconclusive', ...hidden }
    const givenUp = unrepeatedFailures(seen)
    if (givenUp === 0) {
      const why = `no request that may be repeated failed at ${upstream} for good, so nothing shows when the gateway gives up`
      return { ...base, result: 'inconclusive', cause: 'no_samples', why }
    }
    if (spells(evidence, upstream).some(({ state, fromMs, toMs }) => state !== 'closed' && fromMs < window.toMs && toMs > window.fromMs)) {
      const why = `${upstream}'s breaker was open meanwhile, and may have refused the attempts that are missing`
      return { ...base, result: 'inconclusive', cause: 'no_samples', why }
    }
    const why = `${plural(givenUp, 'request')} given up after ${plural(Math.max(1, seen.most), 'attempt')} at most, promised ${least}`
    return { ...base, result: 'fail', cause: 'gave_up_early', ...(seen.most < 2 && { absent: 'retry' }), why }
  },
})
