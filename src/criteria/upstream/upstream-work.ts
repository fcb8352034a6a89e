// upstreamWork('gemini').endsWithItsClient('1s'): nobody waits any more for an attempt whose client has left, or has its answer. It must
// end then, at most so much later, and none may begin.
import { countFrom } from '../../evidence/latency-histogram.ts'
import { mergeLatencies } from '../../evidence/merge-latencies.ts'
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import { atTime, count, plural, span } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne, spanMs } from '../writing/fields.ts'
import { attemptsIn, windowOf } from '../measure/scope.ts'
import { lackOfIds, unjoinedIn } from '../measure/gaps/unjoined-attempts.ts'
import { type UpstreamRef, during, nameOf } from '../writing/notation.ts'
import { whyEndsAreLate } from './late-ends.ts'

export interface UpstreamWorkCriterion {
  during(...phases: string[]): UpstreamWorkCriterion
  /** No work at the upstream goes on for longer than `within` after its client's request ended. */
  endsWithItsClient(within: Duration): WrittenCriterion
}

function build(of: UpstreamRef, phases: readonly string[] = []): UpstreamWorkCriterion {
  return {
    during: (...names) => build(of, names),
    endsWithItsClient: (within) =>
      written({ kind: 'work_ends_with_client', upstream: nameOf(of), ...during(phases), withinMs: parseDuration(within) }),
  }
}

/** An attempt that is told of when its trace is closed came at least so long after its request had ended. */
const LATE_MS = 1000

export const upstreamWork = criterionType({
  kind: 'work_ends_with_client',
  doc: {
    written: "upstreamWork('gemini').endsWithItsClient('1s')",
    demands: 'The upstream soon stops working for a client that has left, or has its answer.',
    over: 'named',
    counts: 'Attempts that were open when their client had gone, and attempts that began later.',
    samples: 'one such attempt',
    undecided:
      'No client left while an attempt was open, or the gateway does not pass x-request-id on, so nobody knows which request an attempt belongs to.',
  },
  fields: { ...ofOne, withinMs: spanMs },
  build: { upstreamWork: (of: UpstreamRef): UpstreamWorkCriterion => build(of) },
  relation: 'below',
  breaker: 'none',
  causes: ['abandoned_work'],
  sentence: (criterion) =>
    `no work at ${criterion.upstream}${inPhases(criterion.during)} outlives its client by ${span(criterion.withinMs)}`,
  phases: named,
  needs: () => 1,

  judge({ upstream, withinMs, ...criterion }, run) {
    const { plan, evidence } = run
    const window = windowOf(plan, criterion.during)
    const scope = { upstream, phases: window.phases }
    const cells = evidence.upstreamWork.filter((cell) => cell.upstream === upstream && window.phases.includes(cell.phase))
    const outlived = mergeLatencies(cells.map((cell) => cell.outlived))
    const late = attemptsIn(evidence, scope).reduce((total, cell) => total + cell.late, 0)
    const [longest] = cells.flatMap((cell) => cell.longest ?? []).toSorted((a, b) => b.lastedMs - a.lastedMs)
    const n = outlived.totalCount + late
    const base = { n, interval: null, bound: withinMs, unit: 'ms', window } as const
    const judged = { ...base, measured: longest?.lastedMs ?? null }
    // Of an attempt that came too late to be joined, no more is known than that it came.
    const bad = countFrom(outlived, withinMs) + (withinMs <= LATE_MS ? late : 0)
    const went =
      longest === undefined ? '' : `; the longest, of ${longest.request}, for ${span(longest.lastedMs)} ${atTime(longest.endedMs)}`
    if (bad > 0) {
      const why = `${count(bad)} of ${plural(n, 'attempt')} went on for ${span(withinMs)} or longer when the client was gone${went}`
      const heldUp = whyEndsAreLate(plan, scope)
      if (heldUp !== undefined) return { ...judged, result: 'inconclusive', cause: 'attempts_unseen', why: `${heldUp} (so far: ${why})` }
      return {
        ...judged,
        result: 'fail',
        cause: 'abandoned_work',
        why,
        withoutHarnessDelay: ({ stallMs, saturated }) =>
          saturated ? 'inconclusive' : countFrom(outlived, withinMs + stallMs) + (withinMs <= LATE_MS ? late : 0) > 0 ? 'fail' : 'pass',
      }
    }
    const unjoined = unjoinedIn(run, scope)
    // Those that nobody can join may be just the ones that go on.
    if (n === 0 || late > 0 || unjoined > 0) {
      const why =
        late > 0
          ? `${plural(late, 'attempt')} began a second or more after the client was gone, and when they ended is not known`
          : unjoined > 0
            ? `${plural(unjoined, 'attempt')} carry no x-request-id of their client, so nobody knows whose they are; pass the header on`
            : `no client left while ${upstream} worked for it; let some leave: set load.timeout below the upstream's latency, or add faults.hang`
      return { ...judged, result: 'inconclusive', cause: 'no_samples', ...(late === 0 && unjoined > 0 && lackOfIds(run, scope)), why }
    }
    return {
      ...judged,
      result: 'pass',
      why: `${plural(n, 'attempt')} ended soon after the client was gone${went}, limit ${span(withinMs)}`,
    }
  },
})
