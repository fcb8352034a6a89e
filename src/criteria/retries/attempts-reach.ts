// retries('gemini').attemptsReach(3): requests that may be repeated, and keep failing, are tried so often before the gateway gives up: nearly
// all of them. One that is told to wait, or whose answer had begun to arrive, may be given up earlier.
import * as z from 'zod'
import { idempotentMethods } from '../../contract/methods.ts'
import { plural } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne } from '../writing/fields.ts'
import { failuresOf, hiddenRetries, retriesIn } from '../measure/retries.ts'
import { spells } from '../measure/breaker/breaker-history.ts'
import { openedWithoutDelay } from '../measure/excuse.ts'
import { windowOf } from '../measure/scope.ts'

/** Of the requests that kept failing. A few may have had no time left. */
const NEARLY_ALL = 0.9

export const attemptsReach = criterionType({
  kind: 'attempts_reach',
  doc: {
    written: "retries('gemini').attemptsReach(3)",
    demands: 'Requests that may be repeated and keep failing are tried so often: nearly all of them.',
    over: 'named',
    counts: 'Requests with an idempotent method whose attempts all failed.',
    samples: 'one request that kept failing',
    undecided: 'None kept failing, or the breaker was open meanwhile.',
  },
  fields: { ...ofOne, least: z.int().min(2) },
  build: {
    /** Requests that keep failing are tried so often, their first attempts included. */
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
    const repeatable = { retries: evidence.retries.filter(({ route }) => safe.has(route)) }
    const scope = { upstream, phases: window.phases }
    const seen = retriesIn(repeatable, scope)
    const failures = failuresOf(seen)
    const reached = sumFrom(seen.tried, least)
    const short = sumFrom(seen.givenUp, 0) - sumFrom(seen.givenUp, least)
    const base = { n: failures, measured: Math.min(seen.most, least), interval: null, bound: least, unit: 'requests', window } as const
    const all = plural(reached + short, 'request')
    if (reached > 0 && reached >= NEARLY_ALL * (reached + short)) {
      const why = `${reached} of ${all} that kept failing were tried ${plural(least, 'time')}, promised nearly all`
      return { ...base, result: 'pass', why }
    }
    const hidden = hiddenRetries(run, scope)
    if (hidden) return { ...base, result: 'inconclusive', ...hidden }
    if (short === 0) {
      const why = `no request that may be repeated failed at ${upstream} for good, so nothing shows when the gateway gives up`
      return { ...base, result: 'inconclusive', cause: 'no_samples', why }
    }
    if (spells(evidence, upstream).some(({ state, fromMs, toMs }) => state !== 'closed' && fromMs < window.toMs && toMs > window.fromMs)) {
      const why = `${upstream}'s breaker was open meanwhile, and may have refused the attempts that are missing`
      return { ...base, result: 'inconclusive', cause: 'no_samples', why }
    }
    const mostOfShort = Math.min(least - 1, seen.givenUp.length - 1)
    const why = `${short} of ${all} that kept failing given up after ${plural(mostOfShort, 'attempt')} at most, promised ${least}`
    return {
      ...base,
      measured: mostOfShort,
      result: 'fail',
      cause: 'gave_up_early',
      ...(seen.most < 2 && { absent: 'retry' }),
      why,
      withoutHarnessDelay: openedWithoutDelay(plan, upstream),
    }
  },
})

const sumFrom = (counts: readonly number[], place: number): number => counts.slice(place).reduce((total, count) => total + count, 0)
