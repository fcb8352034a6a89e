// streams('gemini').failoverBeforeFirstEvent(): an upstream may be asked again as long as the client has no event. Later, a second
// answer would repeat what the client has, or contradict it.
import { atTime, count, plural } from '../../kernel/wording.ts'
import { earliest } from '../../evidence/tallies/trace-tally.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne } from '../writing/fields.ts'
import { windowOf } from '../measure/scope.ts'
import { lackOfIds, unjoinedIn } from '../measure/gaps/unjoined-attempts.ts'
import { type StreamScope, noStreams, streamsIn, sumOf } from './streams-in.ts'

export const failoverBeforeFirstEvent = criterionType({
  kind: 'failover_before_first_event',
  doc: {
    written: "streams('gemini').failoverBeforeFirstEvent()",
    demands: 'No stream is begun anew once the client has an event.',
    over: 'named',
    counts: 'Streams that broke after their first event, and attempts that followed.',
    samples: 'one stream that broke after its first event',
    undecided: 'No stream broke, or the gateway does not pass x-request-id on, so nobody knows which request an attempt belongs to.',
  },
  fields: ofOne,
  build: {
    /** Once the client has an event, no upstream is asked again for it. */
    failoverBeforeFirstEvent: (scope: StreamScope) => (): WrittenCriterion => written({ kind: 'failover_before_first_event', ...scope }),
  },
  relation: 'none',
  breaker: 'none',
  causes: ['broken_stream'],
  sentence: (criterion) => `no stream of ${criterion.upstream}${inPhases(criterion.during)} is begun anew after its first event`,
  phases: named,
  needs: () => 1,

  judge({ upstream, ...criterion }, run) {
    const window = windowOf(run.plan, criterion.during)
    const scope = { upstream, phases: window.phases }
    const cells = streamsIn(run, scope)
    const [streams, tempted, again] = [
      sumOf(cells, (cell) => cell.streams),
      sumOf(cells, (cell) => cell.tempted),
      sumOf(cells, (cell) => cell.begunAnew),
    ]
    const base = { n: tempted, interval: null, bound: 0, unit: 'requests', window } as const
    if (again > 0) {
      const first = cells.map(({ firstBegunAnew }) => firstBegunAnew).reduce(earliest, null)
      const where = first === null ? '' : ` (first ${first.request} ${atTime(first.atMs)})`
      const why = `${count(again)} of ${plural(streams, 'stream')} were begun anew after their first event${where}`
      return { ...base, n: streams, result: 'fail', cause: 'broken_stream', witnessed: true, measured: again, why }
    }
    const undecided = { ...base, result: 'inconclusive', cause: 'no_samples', measured: null } as const
    if (streams === 0) return { ...undecided, why: noStreams(upstream) }
    if (tempted === 0) {
      const why = `no stream of ${upstream} broke after its first event was with the client, so none could be begun anew; add faults.cutStream, stalledStream or streamError`
      return { ...undecided, why }
    }
    const unjoined = unjoinedIn(run, scope)
    if (unjoined > 0) {
      const why = `${plural(unjoined, 'request')} arrived without the x-request-id of their client, and may have begun a stream anew; pass the header on`
      return { ...undecided, ...lackOfIds(run, scope), measured: 0, why }
    }
    const why = `${plural(tempted, 'stream')} broke after the first event, and no upstream was asked again`
    return { ...base, result: 'pass', measured: 0, why }
  },
})
