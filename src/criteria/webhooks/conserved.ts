// webhooks('send').conserved(), or .conserved({ pendingAtMost: 5 }): what the gateway accepted is delivered, or a dead letter, or still waits. Each webhook is looked for by its
// reference, and what is said to be delivered in what its receiver answered.
import * as z from 'zod'
import { count, plural } from '../../kernel/wording.ts'
import { criterionType } from '../criterion-type.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { needsRoute, ofRoute, webhooksOf } from './webhook-list.ts'

export const webhooksConserved = criterionType({
  kind: 'webhooks_conserved',
  doc: {
    written: "webhooks('send').conserved()",
    demands: 'Every accepted webhook is delivered, a dead letter, or still waits: none is lost, and none is only said to be delivered.',
    over: 'run',
    counts: "Requests that were answered with 202, in the gateway's list after the load, and in what receivers answered.",
    samples: 'one accepted webhook',
    undecided: 'No request was accepted, or the gateway did not give its list.',
  },
  fields: { ...ofRoute, pendingAtMost: z.int().min(0).exactOptional() },
  build: {
    /** `pendingAtMost`: more than so many that still wait when the load is over are too many. */
    conserved:
      (route: string) =>
      ({ pendingAtMost }: { pendingAtMost?: number } = {}): WrittenCriterion =>
        written({ kind: 'webhooks_conserved', route, ...(pendingAtMost !== undefined && { pendingAtMost }) }),
  },
  relation: 'none',
  breaker: 'none',
  causes: ['lost', 'made_up', 'left_waiting'],
  sentence: ({ route, pendingAtMost }) =>
    `every accepted ${route} is delivered, dead-lettered or pending${pendingAtMost === undefined ? '' : `, at most ${count(pendingAtMost)} the latter`}`,
  phases: () => [],
  needs: () => 1,
  samplesIn: () => [],
  check: needsRoute,

  judge({ route, pendingAtMost = Number.POSITIVE_INFINITY }, run) {
    const { cell, base, missing } = webhooksOf(run, route)
    if (!cell || missing !== undefined)
      return { ...base, result: 'inconclusive', cause: 'no_samples', measured: null, why: missing ?? 'nothing is known of it' }
    const { accepted, delivered, failed, pending, lost, unfounded, first } = cell
    const account = `${plural(accepted, 'webhook')} accepted = ${count(delivered)} delivered + ${count(failed)} dead-lettered + ${count(pending)} pending`
    const failing = { ...base, result: 'fail', witnessed: true } as const
    if (lost > 0) return { ...failing, cause: 'lost', measured: lost, why: `${account} + ${count(lost)} that are nowhere (first ${first})` }
    if (unfounded > 0)
      return {
        ...failing,
        cause: 'made_up',
        measured: unfounded,
        why: `${account}, of which no receiver took ${count(unfounded)} (first ${first})`,
      }
    if (pending > pendingAtMost) return { ...failing, cause: 'left_waiting', measured: pending, bound: pendingAtMost, why: account }
    return { ...base, result: 'pass', measured: 0, why: account }
  },
})
