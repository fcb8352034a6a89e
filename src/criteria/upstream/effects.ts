// effects('billing').once(): what the upstream does for a request, such as booking its cost, it does once, however often it is asked. The
// fake's own ledger tells: a repeat that it recognised, by its idempotency key, has no effect.
import { earliest } from '../../evidence/tallies/trace-tally.ts'
import { atTime, count, plural } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne } from '../writing/fields.ts'
import { windowOf } from '../measure/scope.ts'
import { lackOfIds, unjoinedIn } from '../measure/gaps/unjoined-attempts.ts'
import { type UpstreamRef, during, nameOf } from '../writing/notation.ts'

export interface EffectsCriterion {
  during(...phases: string[]): EffectsCriterion
  /** Nothing is done twice for one request. */
  once(): WrittenCriterion
}

function build(of: UpstreamRef, phases: readonly string[] = []): EffectsCriterion {
  return {
    during: (...names) => build(of, names),
    once: () => written({ kind: 'effects_once', upstream: nameOf(of), ...during(phases) }),
  }
}

export const effects = criterionType({
  kind: 'effects_once',
  doc: {
    written: "effects('billing').once()",
    demands: 'The upstream does nothing twice for one request: no cost is charged again.',
    over: 'named',
    counts: 'What the fake has done and may do once for each request, as its ledger has it.',
    samples: 'one such effect',
    undecided:
      'The fake did nothing of this kind, or the gateway does not pass x-request-id on, so nobody knows for which request it was done.',
  },
  fields: ofOne,
  build: { effects: (of: UpstreamRef): EffectsCriterion => build(of) },
  relation: 'none',
  breaker: 'none',
  causes: ['done_twice'],
  sentence: (criterion) => `${criterion.upstream} does nothing twice for one request${inPhases(criterion.during)}`,
  phases: named,
  needs: () => 1,

  judge({ upstream, ...criterion }, run) {
    const window = windowOf(run.plan, criterion.during)
    const cells = run.evidence.effects.filter((cell) => cell.upstream === upstream && window.phases.includes(cell.phase))
    const total = (of: 'count' | 'again' | 'untold'): number => cells.reduce((sum, cell) => sum + cell[of], 0)
    const [n, again, untold] = [total('count'), total('again'), total('untold')]
    const base = { n, interval: null, bound: 0, unit: 'requests', window } as const
    if (again > 0) {
      const first = cells.map(({ firstAgain }) => firstAgain).reduce(earliest, null)
      const where = first === null ? '' : ` (first ${first.what} ${first.request} ${atTime(first.atMs)})`
      const why = `${count(again)} of ${plural(n, 'effect')} at ${upstream} had been done for the same request before${where}`
      return { ...base, result: 'fail', cause: 'done_twice', witnessed: true, measured: again, why }
    }
    const undecided = { ...base, result: 'inconclusive', cause: 'no_samples', measured: null } as const
    if (n === 0) return { ...undecided, why: `${upstream} did nothing that may be done once for each request` }
    const scope = { upstream, phases: window.phases }
    const unjoined = untold + unjoinedIn(run, scope)
    if (unjoined > 0) {
      const why = `of ${plural(unjoined, 'arrival')} at ${upstream} nobody knows whose request it was; pass x-request-id on`
      return { ...undecided, ...lackOfIds(run, scope), why }
    }
    return { ...base, result: 'pass', measured: 0, why: `${plural(n, 'effect')}, each once for its request` }
  },
})
