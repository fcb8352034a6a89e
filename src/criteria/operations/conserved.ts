// operations('episode').conserved({ doneBy: 'auphonic', failedAtMost: 0 }): what the gateway accepted has succeeded, or failed, or is still
// being worked on. Each operation is looked for by its id, and what is said to be done in what the upstream answered that works on it.
import * as z from 'zod'
import { count, plural } from '../../kernel/wording.ts'
import { type UpstreamRef, nameOf } from '../writing/notation.ts'
import { criterionType } from '../criterion-type.ts'
import { wholeRun } from '../measure/scope.ts'
import { needsRoute, ofRoute } from '../webhooks/webhook-list.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'

export interface ConservedOptions {
  /** The upstream that works on them: what it did not do is not done, and what it did once it does not do again. */
  doneBy?: UpstreamRef
  /** More than so many that are still worked on when the load is over are too many. */
  pendingAtMost?: number
  /** More than so many that ended with an error are too many. */
  failedAtMost?: number
}

const most = z.int().min(0).exactOptional()

export const operationsConserved = criterionType({
  kind: 'operations_conserved',
  doc: {
    written: "operations('episode').conserved({ doneBy: 'auphonic', failedAtMost: 0 })",
    demands: 'Every accepted operation has succeeded, or failed, or is still worked on: none is lost, only said to be done, or done twice.',
    over: 'run',
    counts: "Requests that were answered with 201, in the gateway's list after the load, and in what `doneBy` answered.",
    samples: 'one accepted operation',
    undecided: 'No request was accepted, or the gateway did not give its list.',
  },
  fields: { ...ofRoute, doneBy: z.string().exactOptional(), pendingAtMost: most, failedAtMost: most },
  build: {
    conserved:
      (route: string) =>
      ({ doneBy, ...limits }: ConservedOptions = {}): WrittenCriterion =>
        written({ kind: 'operations_conserved', route, ...(doneBy !== undefined && { doneBy: nameOf(doneBy) }), ...limits }),
  },
  relation: 'none',
  breaker: 'none',
  causes: ['lost', 'made_up', 'done_twice', 'left_failed', 'left_waiting'],
  sentence: ({ route, doneBy, failedAtMost, pendingAtMost }) =>
    `every accepted ${route} is done${doneBy === undefined ? '' : ` once by ${doneBy}`}, failed${atMost(failedAtMost)} or pending${atMost(pendingAtMost)}`,
  phases: () => [],
  needs: () => 1,
  samplesIn: () => [],
  check: ({ route, doneBy }, plan) => [
    ...needsRoute({ route }, plan),
    ...(doneBy === undefined || Object.hasOwn(plan.upstreams, doneBy)
      ? []
      : [{ at: 'doneBy', message: `no upstream "${doneBy}"; known: ${Object.keys(plan.upstreams).join(', ')}` }]),
  ],

  judge({ route, doneBy, pendingAtMost = Number.POSITIVE_INFINITY, failedAtMost = Number.POSITIVE_INFINITY }, run) {
    const { operations, notes } = run.evidence
    const cell = operations.routes.find((each) => each.route === route)
    const base = { n: cell?.accepted ?? 0, interval: null, bound: 0, unit: 'requests', window: wholeRun(run.plan) } as const
    const undecided = { ...base, result: 'inconclusive', cause: 'no_samples', measured: null } as const
    if (!cell) return { ...undecided, why: `no request of ${route} was answered with 201` }
    if (!operations.isListed)
      return {
        ...undecided,
        why: notes.find(({ code }) => code === 'operations_unlisted')?.text ?? 'the gateway was not asked for its list',
      }
    const { accepted, done, error, processing, lost } = cell
    const account = `${plural(accepted, 'operation')} accepted = ${count(done)} done + ${count(error)} failed + ${count(processing)} pending`
    const failing = { ...base, result: 'fail', witnessed: true } as const
    if (lost > 0)
      return { ...failing, cause: 'lost', measured: lost, why: `${account} + ${count(lost)} that are nowhere (first ${cell.firstLost})` }
    if (doneBy !== undefined) {
      // Where it was never asked, nothing that is said to be done was done.
      const worked = cell.worked.find(({ upstream }) => upstream === doneBy)
      const unfounded = worked?.unfounded ?? done
      const first = worked?.firstUnfounded == null ? '' : ` (first ${worked.firstUnfounded})`
      if (unfounded > 0)
        return {
          ...failing,
          cause: 'made_up',
          measured: unfounded,
          why: `${account}, of which ${doneBy} did not do ${count(unfounded)}${first}`,
        }
      if (worked && worked.again > 0) {
        const why = `${account}, of which ${doneBy} did ${count(worked.again)} more than once (first ${worked.firstAgain})`
        return { ...failing, cause: 'done_twice', measured: worked.again, why }
      }
    }
    if (error > failedAtMost) return { ...failing, cause: 'left_failed', measured: error, bound: failedAtMost, why: account }
    if (processing > pendingAtMost) return { ...failing, cause: 'left_waiting', measured: processing, bound: pendingAtMost, why: account }
    return { ...base, result: 'pass', measured: 0, why: account }
  },
})

function atMost(limit: number | undefined): string {
  return limit === undefined ? '' : ` (at most ${count(limit)})`
}
