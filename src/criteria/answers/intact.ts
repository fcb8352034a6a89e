// answers('gemini').intact(): the body that a client gets is the one that the upstream sent, byte for byte. A body that the gateway
// compresses is the same one; JSON that it writes anew is not.
import { earliest } from '../../evidence/tallies/trace-tally.ts'
import { atTime, count, plural } from '../../kernel/wording.ts'
import { reaches } from '../../plan/plan.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne } from '../writing/fields.ts'
import { windowOf } from '../measure/scope.ts'
import { untoldRoutes } from '../measure/gaps/untold-routes.ts'

export const intact = criterionType({
  kind: 'answers_intact',
  doc: {
    written: "answers('gemini').intact()",
    demands: 'The body that a client gets is the one that the upstream sent, byte for byte.',
    over: 'named',
    counts: 'Answers that ended ok, by length and checksum.',
    samples: 'one answer',
    undecided: 'No answer was seen, or the gateway does not pass x-request-id on, so nobody knows which request an attempt belongs to.',
  },
  fields: ofOne,
  build: {
    /** What a client gets of a good answer is what the upstream sent, byte for byte. */
    intact: (scope: { upstream: string; during?: string[] }) => (): WrittenCriterion => written({ kind: 'answers_intact', ...scope }),
  },
  relation: 'none',
  breaker: 'none',
  causes: ['damaged_body'],
  sentence: (criterion) => `answers of ${criterion.upstream}${inPhases(criterion.during)} arrive as they were sent, byte for byte`,
  phases: named,
  needs: () => 1,
  asks: ['plain_bodies'],
  check: ({ upstream }, { load }) =>
    load.mix.some((route) => reaches(route, upstream) && route.reaches.every((each) => each.upstream === upstream))
      ? []
      : [{ at: 'upstream', message: `no route is answered by ${upstream} alone, so no body is its own` }],

  judge({ upstream, ...criterion }, run) {
    const window = windowOf(run.plan, criterion.during)
    const cells = run.evidence.bodies.filter((cell) => cell.upstream === upstream && window.phases.includes(cell.phase))
    const sum = (of: 'same' | 'shared' | 'other' | 'untold'): number => cells.reduce((total, cell) => total + cell[of], 0)
    const [other, untold] = [sum('other'), sum('untold')]
    const n = sum('same') + sum('shared') + other
    const base = { n, interval: null, bound: 0, unit: 'requests', window } as const
    if (other > 0) {
      const first = cells.map(({ firstOther }) => firstOther).reduce(earliest, null)
      const where = first === null ? '' : ` (first ${first.request} ${atTime(first.atMs)}: ${first.what})`
      const why = `${count(other)} of ${plural(n, 'good answer')} had another body than ${upstream} sent${where}`
      return { ...base, result: 'fail', cause: 'damaged_body', witnessed: true, measured: other, why }
    }
    const undecided = { ...base, result: 'inconclusive', measured: n === 0 ? null : 0 } as const
    const unknownRoutes = untoldRoutes(
      cells,
      (cell) => cell.same + cell.shared,
      (cell) => cell.untold,
    )
    if (unknownRoutes.length > 0) {
      const why = `of most answers of ${unknownRoutes.join(', ')}, what was sent is not known; pass x-request-id on`
      // Request ids that are missing do not excuse it: a body that the upstream sent is known without them.
      return { ...undecided, cause: n === 0 ? 'no_samples' : 'too_few_samples', why }
    }
    if (n === 0) return { ...undecided, cause: 'no_samples', why: `no request for ${upstream} was answered well` }
    if (untold > 0) {
      const why = `${plural(untold, 'good answer')} had a body that ${upstream} sent to nobody: changed, or made up; pass x-request-id on, and mark fallbacks`
      return { ...undecided, cause: 'too_few_samples', why }
    }
    return { ...base, result: 'pass', measured: 0, why: `${plural(n, 'good answer')} had the very body that was sent` }
  },
})
