// restoredWithin('30s').after('outage'): the mean time to recovery (MTTR) of one fault, from when it was taken off to when the users of every
// route are served as before (nearly the steady share of good answers), without a hand.
import * as z from 'zod'
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import { beside, span } from '../../kernel/wording.ts'
import { faultSpan } from '../alerts/alert-spells.ts'
import { needsFault } from '../breaker/fault-phase.ts'
import { criterionType } from '../criterion-type.ts'
import { routesServedAgain } from '../measure/breaker/served-again.ts'
import { soonerWithoutDelay } from '../measure/excuse.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { spanMs } from '../writing/fields.ts'

export const restoredWithin = criterionType({
  kind: 'restored_within',
  doc: {
    written: "restoredWithin('30s').after('outage')",
    demands: "Users of every route are served as before soon after the phase's last fault (mean time to recovery).",
    over: { between: "from when the phase's last fault was taken off to the next fault, or the end of the run" },
    counts: 'Good answers by route, compared with the phase before the first fault.',
    samples: 'one request after the fault',
    undecided: 'The fault was not seen to act or not taken off, or the run ends too early.',
  },
  fields: { phase: z.string(), withinMs: spanMs },
  build: {
    restoredWithin: (limit: Duration) => ({
      after: (phase: string): WrittenCriterion => written({ kind: 'restored_within', phase, withinMs: parseDuration(limit) }),
    }),
  },
  relation: 'at_most',
  breaker: 'none',
  causes: ['not_recovered'],
  sentence: ({ phase, withinMs }) => `users are served as before within ${span(withinMs)} after the fault in ${phase}`,
  phases: ({ phase }) => [phase],
  needs: () => 1,
  samplesIn: () => [],
  check: needsFault,

  judge({ phase, withinMs }, run) {
    const { plan, evidence } = run
    const fault = faultSpan(run, phase)
    const endMs = fault?.clearedMs ?? plan.phases.find(({ name }) => name === phase)?.endMs ?? 0
    const nextMs = Math.min(
      ...plan.faults.flatMap((each) => (each.startMs >= endMs ? [each.startMs] : [])),
      evidence.end.atMs,
      plan.durationMs,
    )
    const phases = plan.phases.filter((each) => each.endMs > endMs).map(({ name }) => name)
    const n = evidence.requests.filter((cell) => phases.includes(cell.phase)).reduce((total, cell) => total + cell.count, 0)
    const facts = {
      n,
      measured: null,
      interval: null,
      bound: withinMs,
      unit: 'ms',
      window: { fromMs: endMs, toMs: endMs + withinMs, phases },
    } as const
    const undecided = { ...facts, result: 'inconclusive' } as const
    if (!fault) return { ...undecided, cause: 'fault_never_bit', why: `no fault of ${phase} was seen to act` }
    if (fault.clearedMs === null) return { ...undecided, cause: 'fault_not_cleared', why: `the fault of ${phase} was never cleared` }
    const { backMs, why: figures } = routesServedAgain(run, { fromMs: endMs, toMs: nextMs })
    if (n === 0 || (backMs !== null && figures === undefined))
      return { ...undecided, cause: 'no_samples', why: 'no route was asked often enough before and after the fault to be compared' }
    if (backMs === null && nextMs < endMs + withinMs)
      return { ...undecided, cause: 'phase_not_reached', why: `not yet: ${figures} (${span(nextMs - endMs)} watched)` }
    if (backMs === null)
      return { ...facts, result: 'fail', cause: 'not_recovered', why: `never: ${figures}; promised within ${span(withinMs)}` }
    const measured = backMs - endMs
    const why = `after ${beside(measured, withinMs, span)}, promised ${span(withinMs)}`
    if (measured <= withinMs) return { ...facts, result: 'pass', measured, why }
    return {
      ...facts,
      result: 'fail',
      cause: 'not_recovered',
      measured,
      why,
      withoutHarnessDelay: soonerWithoutDelay(measured, withinMs, endMs),
    }
  },
})
