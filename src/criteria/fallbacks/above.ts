// fallbacks('gemini').during('outage').above('90%'): while the upstream fails, so many of its requests get a fallback.
import * as z from 'zod'
import { share } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne } from '../writing/fields.ts'
import { excused } from '../measure/excuse.ts'
import { fallbackText, fallbacksIn, unbackedText } from '../measure/fallbacks.ts'
import { doubtMissing, missingIn } from '../measure/gaps/missing.ts'
import { countIn, requestsIn, windowOf } from '../measure/scope.ts'
import { unprovableShare } from '../measure/statistics/provable.ts'
import { judgeRate, rateResult } from '../measure/statistics/rate.ts'
import { samplesFor } from '../measure/statistics/sample-size.ts'
import { type Share, parseShare } from '../writing/notation.ts'

export const above = criterionType({
  kind: 'fallbacks_above',
  doc: {
    written: "fallbacks('gemini').during('outage').above('90%')",
    demands: 'While the upstream fails, more of its requests than this share get a fallback.',
    over: 'named',
    counts: 'Requests for this upstream; a fallback is one that says so, or a body that the upstream sent before the request was made.',
    samples: '29 for 90 %',
    undecided: 'The bounds of the share lie on both sides of the limit.',
  },
  fields: { ...ofOne, above: z.number() },
  build: {
    /** More than this share of the requests for the upstream get a fallback. */
    above:
      (scope: { upstream: string; during?: string[] }) =>
      (limit: Share): WrittenCriterion =>
        written({ kind: 'fallbacks_above', ...scope, above: parseShare(limit) }),
  },
  relation: 'above',
  breaker: 'none',
  causes: ['too_few_fallbacks'],
  sentence: ({ upstream, during, above: limit }) =>
    `more than ${share(limit)} of requests for ${upstream}${inPhases(during)} get a fallback`,
  phases: named,
  needs: ({ above: limit }) => samplesFor(limit),
  asks: ['plain_bodies'],
  badShare: ({ above: limit }) => 1 - limit,
  check: ({ above: limit }) => unprovableShare(limit),

  judge({ upstream, above: limit, during }, run) {
    const { plan, evidence } = run
    const window = windowOf(plan, during)
    const scope = { upstream, phases: window.phases }
    const cells = requestsIn(evidence, scope)
    const n = countIn(cells)
    const seen = fallbacksIn(run, scope)
    const hits = seen.marked.count + seen.unmarked.count
    const rule = { good: 'above', limit } as const
    const raw = {
      ...judgeRate(hits, n, { ...rule, cause: 'too_few_fallbacks', what: fallbackText(seen) }),
      ...(hits + seen.unbacked === 0 && { absent: 'fallback' as const }),
      window,
      withoutHarnessDelay: (delay: Parameters<typeof excused>[1]) => rateResult(hits + excused(cells, delay, run, upstream), n, rule),
    }
    // What no upstream sent may be a fallback that does not say so.
    if (raw.result === 'fail' && seen.unbacked > 0 && rateResult(Math.min(n, hits + seen.unbacked), n, rule) !== 'fail')
      return { ...raw, result: 'inconclusive', cause: 'contradiction', why: `${unbackedText(seen.unbacked)} (so far: ${raw.why})` }
    return doubtMissing(raw, missingIn(run, scope), () => rateResult(hits, n + missingIn(run, scope), rule))
  },
})
