// pace('gemini').atLeastApart('1s') .atMost(10, { per: '1s', burst: 5 }): requests come at the upstream no faster than the gateway's rate
// limit allows, whatever the callers do. Any window counts, wherever it begins.
//
//   ──x──x──────x──x──▶      a window of 1 s over the edge of two seconds holds what neither of them shows
//        └─ 1 s ─┘
import * as z from 'zod'
import { MOST_PACED } from '../../evidence/tallies/pace.ts'
import { familyOf } from '../../faults/families.ts'
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import type { Ms } from '../../kernel/clock.ts'
import { count, plural, span } from '../../kernel/wording.ts'
import type { Plan } from '../../plan/plan.ts'
import { criterionType } from '../criterion-type.ts'
import { arrivalsIn, countIn, requestsIn, windowOf } from '../measure/scope.ts'
import { whyUnseen } from '../measure/gaps/unseen-attempts.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { inPhases, named, ofOne, spanMs } from '../writing/fields.ts'
import { type UpstreamRef, during, nameOf } from '../writing/notation.ts'

export interface PaceCriterion {
  during(...phases: string[]): PaceCriterion
  /** Between any two requests passes at least so much time. */
  atLeastApart(least: Duration): WrittenCriterion
  /** In any window of `per` (default: 1 s) arrive at most so many, and `burst` more after a quiet time (default: none). */
  atMost(most: number, window?: { per?: Duration; burst?: number }): WrittenCriterion
}

function build(of: UpstreamRef, phases: readonly string[] = []): PaceCriterion {
  const limit = (most: number, per: Duration, burst: number): WrittenCriterion =>
    written({ kind: 'pace_at_most', upstream: nameOf(of), ...during(phases), most, perMs: parseDuration(per), burst })
  return {
    during: (...names) => build(of, names),
    atLeastApart: (least) => limit(1, least, 0),
    atMost: (most, { per = '1s', burst = 0 } = {}) => limit(most, per, burst),
  }
}

/** Two requests are on their way for different times: one may wait for a connection, and timers fire early. */
const slackOf = (perMs: Ms): Ms => Math.min(50, perMs / 4)

export const pace = criterionType({
  kind: 'pace_at_most',
  doc: {
    written: "pace('gemini').atMost(10, { per: '1s', burst: 5 })",
    demands: 'Requests come at the upstream no faster than a rate limit allows, in any window, whatever the callers do.',
    over: 'named',
    counts: 'Requests as they arrive at the upstream, retries included. `atLeastApart` asks for time between any two.',
    samples: '16 requests for 10 and a burst of 5: one more than the window allows',
    undecided: 'No more was asked for than the limit allows, or a fault of the network may have moved requests closer together.',
  },
  fields: { ...ofOne, most: z.int().min(1), perMs: spanMs.positive(), burst: z.int().min(0) },
  build: { pace: (of: UpstreamRef): PaceCriterion => build(of) },
  relation: 'at_most',
  breaker: 'none',
  causes: ['too_fast'],
  sentence: ({ upstream, most, perMs, burst, ...criterion }) => {
    const where = `at ${upstream}${inPhases(criterion.during)}`
    if (most + burst === 1) return `between two requests ${where} pass at least ${span(perMs)}`
    return `at most ${plural(most, 'request')}${burst > 0 ? ` and a burst of ${count(burst)}` : ''} ${where} in any ${span(perMs)}`
  },
  phases: named,
  needs: ({ most, burst }) => most + burst + 1,
  check: ({ most, burst }) =>
    most + burst < MOST_PACED ? [] : [{ at: 'most', message: `must be below ${MOST_PACED} with its burst; name a shorter window` }],

  judge({ upstream, most, perMs, burst, ...criterion }, run) {
    const { plan, evidence } = run
    const window = windowOf(plan, criterion.during)
    const scope = { upstream, phases: window.phases }
    const allowed = most + burst
    const n = arrivalsIn(evidence, scope).reduce((total, cell) => total + cell.count, 0)
    const cells = evidence.pace.filter((cell) => cell.upstream === upstream && window.phases.includes(cell.phase))
    /** The shortest time in which so many arrived. */
    const shortest = (many: number): Ms => Math.min(...cells.map(({ shortestMs }) => shortestMs[many] ?? Number.POSITIVE_INFINITY))
    const base = { n, interval: null, bound: allowed, unit: 'requests', window } as const
    if (n === 0) return { ...base, result: 'inconclusive', cause: 'no_samples', measured: null, why: `no request arrived at ${upstream}` }

    const closeMs = perMs - slackOf(perMs)
    let measured = Math.min(n, allowed)
    while (shortest(measured + 1) < closeMs) measured++
    const judged = { ...base, measured }
    if (measured > allowed) {
      const why = `${plural(measured, 'request')} came within ${span(shortest(measured))}, promised ${count(allowed)} in any ${span(perMs)}`
      const moved = whyMoved(plan, scope)
      if (moved !== undefined) return { ...judged, result: 'inconclusive', cause: 'attempts_unseen', why: `${moved} (so far: ${why})` }
      return {
        ...judged,
        result: 'fail',
        cause: 'too_fast',
        why,
        // What waits in a process that stands still arrives together.
        withoutHarnessDelay: ({ stallMs, saturated }) =>
          saturated ? 'inconclusive' : shortest(allowed + 1) < closeMs - stallMs ? 'fail' : 'pass',
      }
    }
    const unseen = whyUnseen(run, scope)
    if (unseen !== undefined) return { ...judged, result: 'inconclusive', cause: 'attempts_unseen', why: unseen }
    const asked = countIn(requestsIn(evidence, scope))
    const admitted = burst + (most * judgedMs(plan, window.phases)) / perMs
    const nearest = shortest(allowed + 1)
    const why = `never more than ${plural(measured, 'request')} in ${span(perMs)}, over ${plural(n, 'request')} of ${count(asked)} that were asked for`
    // A limit that nothing ever reached was not tried.
    if (asked <= admitted || !Number.isFinite(nearest))
      return { ...judged, result: 'inconclusive', cause: 'too_few_samples', why: `${why}: too few to try the limit; raise the rate` }
    return { ...judged, result: 'pass', why }
  },
})

const judgedMs = ({ phases }: Plan, names: readonly string[]): Ms =>
  phases.reduce((total, { name, startMs, endMs }) => (names.includes(name) ? total + endMs - startMs : total), 0)

/** The fault of these phases that may have held requests back on their way, so that they came together; undefined without one. */
function whyMoved({ faults }: Plan, { upstream, phases }: { upstream: string; phases: readonly string[] }): string | undefined {
  const holding = faults.find(
    ({ fault, phase, upstream: on, startMs, endMs }) =>
      phases.includes(phase) && (on === undefined || on === upstream) && familyOf(fault).delayBound(fault, endMs - startMs) > 0,
  )
  return holding && `${holding.id} may have held requests back on their way to ${upstream}, so that they came together`
}
