// webhooks('send').deliveredOnce(): no delivery comes again after its receiver has taken it. A gateway whose process ended in mid-delivery
// cannot know what the receiver said: that one attempt may come again, under the same delivery id.
import { atTime, count, plural } from '../../kernel/wording.ts'
import { criterionType } from '../criterion-type.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { needsRoute, ofRoute, webhooksOf } from './webhook-list.ts'

export const webhooksOnce = criterionType({
  kind: 'webhooks_once',
  doc: {
    written: "webhooks('send').deliveredOnce()",
    demands: 'No delivery comes again after its receiver took it, but for the one that was under way when the gateway was killed.',
    over: 'run',
    counts: 'Deliveries by their id, as the fakes received and answered them.',
    samples: 'one delivery that was taken',
    undecided: 'No delivery with an idempotency key was taken.',
  },
  fields: ofRoute,
  build: { deliveredOnce: (route: string) => (): WrittenCriterion => written({ kind: 'webhooks_once', route }) },
  relation: 'none',
  breaker: 'none',
  causes: ['delivered_twice'],
  sentence: ({ route }) => `no ${route} is delivered again after its receiver took it`,
  phases: () => [],
  needs: () => 1,
  samplesIn: () => [],
  check: needsRoute,

  judge({ route }, run) {
    const { taken, again, againAfterExit, firstAgainMs } = run.evidence.webhooks
    const base = { ...webhooksOf(run, route).base, n: taken }
    if (taken === 0)
      return { ...base, result: 'inconclusive', cause: 'no_samples', measured: null, why: 'no delivery with an idempotency key was taken' }
    const atKill = againAfterExit === 0 ? '' : `, ${count(againAfterExit)} again after the gateway was ended in mid-delivery`
    if (again === 0) return { ...base, result: 'pass', measured: 0, why: `${plural(taken, 'delivery', 'deliveries')} taken${atKill}` }
    const why = `of ${plural(taken, 'delivery', 'deliveries')} taken, ${count(again)} came again (first ${atTime(firstAgainMs ?? 0)})${atKill}`
    return { ...base, result: 'fail', cause: 'delivered_twice', witnessed: true, measured: again, why }
  },
})
