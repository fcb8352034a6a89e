// webhooks('report').refusedDuring('outage', { after: '2s' }): a task on something that is down is refused, and not accepted only to fail.
import * as z from 'zod'
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import { count, plural, span } from '../../kernel/wording.ts'
import { faultSpan } from '../alerts/alert-spells.ts'
import { needsFault } from '../breaker/fault-phase.ts'
import { criterionType } from '../criterion-type.ts'
import { routeOf } from '../measure/breaker/served-again.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { spanMs } from '../writing/fields.ts'
import { needsRoute, ofRoute } from './webhook-list.ts'

export const webhooksRefused = criterionType({
  kind: 'webhooks_refused',
  doc: {
    written: "webhooks('report').refusedDuring('outage', { after: '2s' })",
    demands: "No task is accepted while what it depends on is down, from a while after the phase's first fault to its end.",
    over: { between: "from so long after the phase's first fault was put on to when it was taken off" },
    counts: 'Requests of the route that ended well.',
    samples: 'one request of the route',
    undecided: 'The fault was not seen to act, or no request of the route was due.',
  },
  fields: { ...ofRoute, phase: z.string(), afterMs: spanMs },
  build: {
    /** `after`: how long the gateway may take to notice (default 2 s). */
    refusedDuring:
      (route: string) =>
      (phase: string, { after = '2s' }: { after?: Duration } = {}): WrittenCriterion =>
        written({ kind: 'webhooks_refused', route, phase, afterMs: parseDuration(after) }),
  },
  relation: 'none',
  breaker: 'none',
  causes: ['accepted_in_vain'],
  sentence: ({ route, phase, afterMs }) => `no ${route} is accepted during ${phase}, from ${span(afterMs)} after its fault`,
  phases: ({ phase }) => [phase],
  needs: () => 1,
  samplesIn: () => [],
  check: ({ route, phase }, plan) => [...needsRoute({ route }, plan), ...needsFault({ phase }, plan)],

  judge({ route, phase, afterMs }, run) {
    const { plan, evidence } = run
    const planned = plan.phases.find(({ name }) => name === phase)
    const fault = faultSpan(run, phase)
    const fromMs = (fault?.onMs ?? planned?.startMs ?? 0) + afterMs
    // What is due as the fault is taken off may be accepted after it.
    const toMs = Math.max(fromMs, (planned?.endMs ?? 0) - plan.load.timeoutMs / 10)
    const { bucketMs } = evidence.series
    const { due, ok } = routeOf(run, route)
    const within = (buckets: readonly number[]): number =>
      buckets.slice(Math.ceil(fromMs / bucketMs), Math.floor(toMs / bucketMs)).reduce((total, each) => total + each, 0)
    const [asked, accepted] = [within(due), within(ok)]
    const window = { fromMs, toMs, phases: [phase] }
    const facts = { n: asked, interval: null, bound: 0, unit: 'requests', window } as const
    const undecided = { ...facts, result: 'inconclusive', measured: null } as const
    if (!fault) return { ...undecided, cause: 'fault_never_bit', why: `no fault of ${phase} was seen to act` }
    if (asked === 0) return { ...undecided, cause: 'no_samples', why: `no ${route} was asked for in the time` }
    if (accepted === 0) return { ...facts, result: 'pass', measured: 0, why: `${plural(asked, 'request')}, none accepted` }
    const why = `of ${plural(asked, 'request')}, ${count(accepted)} were accepted`
    return { ...facts, result: 'fail', cause: 'accepted_in_vain', witnessed: true, measured: accepted, why }
  },
})
