// webhooks('send').outliveRestart(): what was accepted before the gateway's process ended is still known after it was started again.
import { count, plural } from '../../kernel/wording.ts'
import { criterionType } from '../criterion-type.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { needsRoute, ofRoute, webhooksOf } from './webhook-list.ts'

export const webhooksOutlive = criterionType({
  kind: 'webhooks_outlive',
  doc: {
    written: "webhooks('send').outliveRestart()",
    demands: 'The status of every webhook that was accepted before the gateway ended is known after it was started again.',
    over: 'run',
    counts: "Requests that were answered with 202 before an end of the gateway's process, in its list after the load.",
    samples: 'one webhook that was accepted before a restart',
    undecided: 'The gateway was not restarted, nothing was accepted before, or it did not give its list.',
  },
  fields: ofRoute,
  build: { outliveRestart: (route: string) => (): WrittenCriterion => written({ kind: 'webhooks_outlive', route }) },
  relation: 'none',
  breaker: 'none',
  causes: ['lost'],
  sentence: ({ route }) => `the status of every ${route} outlives a restart of the gateway`,
  phases: () => [],
  needs: () => 1,
  samplesIn: () => [],
  check: (criterion, plan) => [
    ...needsRoute(criterion, plan),
    ...(plan.faults.some(({ fault }) => fault.made === 'process' && fault.role === 'gateway' && fault.fault.is !== 'paused')
      ? []
      : [{ message: "nothing ends the gateway; add a phase with faults.killed('gateway') or faults.restarted('gateway')" }]),
  ],

  judge({ route }, run) {
    const { cell, base, missing } = webhooksOf(run, route)
    const { exits } = run.evidence.webhooks
    const facts = { ...base, n: cell?.beforeExit ?? 0 }
    const why = missing ?? (exits === 0 ? 'the gateway was not seen to end' : 'nothing was accepted before the gateway ended')
    if (!cell || missing !== undefined || cell.beforeExit === 0)
      return { ...facts, result: 'inconclusive', cause: 'no_samples', measured: null, why }
    const { beforeExit, lostBeforeExit, first } = cell
    const known = `${plural(exits, 'end')} of the gateway: of ${plural(beforeExit, 'webhook')} accepted before`
    if (lostBeforeExit === 0) return { ...facts, result: 'pass', measured: 0, why: `${known}, all are known` }
    return {
      ...facts,
      result: 'fail',
      cause: 'lost',
      witnessed: true,
      measured: lostBeforeExit,
      why: `${known}, ${count(lostBeforeExit)} are not (first ${first})`,
    }
  },
})
