// fallbacks('gemini').during('recovery').below('1%'): when the upstream is well, its requests get its answers, and few a fallback.
import * as z from 'zod'
import { share } from '../../kernel/wording.ts'
import type { HarnessDelay, Result } from '../finding/raw-finding.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne } from '../writing/fields.ts'
import { openedWithoutDelay, refusedAfterStalls } from '../measure/excuse.ts'
import { fallbackText, fallbacksIn, unbackedText } from '../measure/fallbacks.ts'
import { doubtMissing, missingIn } from '../measure/gaps/missing.ts'
import { countIn, requestsIn, windowOf } from '../measure/scope.ts'
import { unprovableShare } from '../measure/statistics/provable.ts'
import { judgeRate, rateResult } from '../measure/statistics/rate.ts'
import { samplesFor } from '../measure/statistics/sample-size.ts'
import { type Share, parseShare } from '../writing/notation.ts'

export const below = criterionType({
  kind: 'fallbacks_below',
  doc: {
    written: "fallbacks('gemini').during('recovery').below('1%')",
    demands: 'When the upstream is well, fewer of its requests than this share get a fallback.',
    over: 'named',
    counts: 'Requests for this upstream; a fallback is one that says so, or a body that the upstream sent before the request was made.',
    samples: '299 for 1 %',
    undecided: 'The bounds of the share lie on both sides of the limit.',
  },
  fields: { ...ofOne, below: z.number() },
  build: {
    /** Fewer than this share of the requests for the upstream get a fallback. */
    below:
      (scope: { upstream: string; during?: string[] }) =>
      (limit: Share): WrittenCriterion =>
        written({ kind: 'fallbacks_below', ...scope, below: parseShare(limit) }),
  },
  relation: 'below',
  breaker: 'none',
  causes: ['too_many_fallbacks'],
  sentence: ({ upstream, during, below: limit }) =>
    `fewer than ${share(limit)} of requests for ${upstream}${inPhases(during)} get a fallback`,
  phases: named,
  needs: ({ below: limit }) => samplesFor(1 - limit),
  asks: ['plain_bodies'],
  badShare: ({ below: limit }) => limit,
  check: ({ below: limit }) => unprovableShare(limit),

  judge({ upstream, below: limit, during }, run) {
    const { plan, evidence } = run
    const window = windowOf(plan, during)
    const scope = { upstream, phases: window.phases }
    const cells = requestsIn(evidence, scope)
    const n = countIn(cells)
    const seen = fallbacksIn(run, scope)
    const hits = seen.marked.count + seen.unmarked.count
    const rule = { good: 'below', limit } as const
    const raw = {
      ...judgeRate(hits, n, { ...rule, cause: 'too_many_fallbacks', what: fallbackText(seen) }),
      window,
      withoutHarnessDelay: (delay: HarnessDelay): Result => {
        const refused = refusedAfterStalls(cells, delay, [upstream], ['fallback'])
        return rateResult(hits - refused, n, rule) === 'fail' ? openedWithoutDelay(plan, upstream)(delay) : 'inconclusive'
      },
    }
    // What no upstream sent may be a fallback that does not say so.
    if (raw.result === 'pass' && seen.unbacked > 0 && rateResult(hits + seen.unbacked, n, rule) !== 'pass')
      return { ...raw, result: 'inconclusive', cause: 'contradiction', why: `${unbackedText(seen.unbacked)} (so far: ${raw.why})` }
    const missing = missingIn(run, scope)
    return doubtMissing(raw, missing, () => rateResult(hits + missing, n + missing, rule))
  },
})
