// webhooks('send').notAfterRefusal(): what a receiver calls wrong (a 4xx that does not ask to come again) is not delivered again: it would be
// refused each time, for ever.
import { count, plural } from '../../kernel/wording.ts'
import { criterionType } from '../criterion-type.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { needsRoute, ofRoute, webhooksOf } from './webhook-list.ts'

export const webhooksNotAfterRefusal = criterionType({
  kind: 'webhooks_not_after_refusal',
  doc: {
    written: "webhooks('send').notAfterRefusal()",
    demands: 'No delivery comes again after its receiver called it wrong.',
    over: 'run',
    counts: 'Deliveries by their id, that were answered with a 4xx other than 408, 425 and 429.',
    samples: 'one delivery that was refused',
    undecided: 'No delivery with an idempotency key was refused.',
  },
  fields: ofRoute,
  build: { notAfterRefusal: (route: string) => (): WrittenCriterion => written({ kind: 'webhooks_not_after_refusal', route }) },
  relation: 'none',
  breaker: 'none',
  causes: ['retried_in_vain'],
  sentence: ({ route }) => `no ${route} is delivered again after its receiver called it wrong`,
  phases: () => [],
  needs: () => 1,
  samplesIn: () => [],
  check: needsRoute,

  judge({ route }, run) {
    const { refused, refusedAgain } = run.evidence.webhooks
    const base = { ...webhooksOf(run, route).base, n: refused }
    if (refused === 0) return { ...base, result: 'inconclusive', cause: 'no_samples', measured: null, why: 'no delivery was called wrong' }
    if (refusedAgain === 0)
      return { ...base, result: 'pass', measured: 0, why: `${plural(refused, 'delivery', 'deliveries')} refused, each once` }
    const why = `of ${plural(refused, 'delivery', 'deliveries')} that were called wrong, ${count(refusedAgain)} came again`
    return { ...base, result: 'fail', cause: 'retried_in_vain', witnessed: true, measured: refusedAgain, why }
  },
})
