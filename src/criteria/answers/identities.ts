// identities().keptApart(): nobody gets an answer that another identity was given, not from a cache, not from a shared call, not by a mix-up.
// An answer is known by its body: routes whose answers are the same for all tell nothing.
import * as z from 'zod'
import { earliest } from '../../evidence/tallies/trace-tally.ts'
import { atTime, count, plural } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named } from '../writing/fields.ts'
import { windowOf } from '../measure/scope.ts'
import { untoldRoutes } from '../measure/gaps/untold-routes.ts'
import { during } from '../writing/notation.ts'

export interface IdentitiesCriterion {
  during(...phases: string[]): IdentitiesCriterion
  /** No answer, and no fallback, is one that another identity was given. */
  keptApart(): WrittenCriterion
}

function build(phases: readonly string[] = []): IdentitiesCriterion {
  return {
    during: (...names) => build(names),
    keptApart: () => written({ kind: 'identities_kept_apart', ...during(phases) }),
  }
}

export const identities = criterionType({
  kind: 'identities_kept_apart',
  doc: {
    written: 'identities().keptApart()',
    demands: 'Nobody gets an answer that another identity was given.',
    over: 'named',
    counts: 'Answers of routes with identities, known by their bodies.',
    samples: 'one answer that differs between identities',
    undecided: 'All identities get the same answers, or only one asked.',
  },
  fields: { during: z.array(z.string()).min(1).exactOptional() },
  build: { identities: (): IdentitiesCriterion => build() },
  relation: 'none',
  breaker: 'none',
  causes: ['leaked_answer'],
  sentence: (criterion) => `no identity gets another one's answer${inPhases(criterion.during)}`,
  phases: named,
  needs: () => 1,
  asks: ['plain_bodies'],
  check: (_criterion, { load }) =>
    load.mix.some((route) => (route.identities?.length ?? 0) > 1)
      ? []
      : [{ message: 'no route of the load has two identities; give one `identities: [{ name, headers }, …]`' }],

  judge(criterion, run) {
    const window = windowOf(run.plan, criterion.during)
    const cells = run.evidence.identities.filter((cell) => cell.identities > 1 && window.phases.includes(cell.phase))
    const sum = (of: 'own' | 'kept' | 'foreign' | 'untold' | 'unbacked'): number => cells.reduce((total, cell) => total + cell[of], 0)
    const [foreign, untold, unbacked] = [sum('foreign'), sum('untold'), sum('unbacked')]
    const n = sum('own') + sum('kept') + foreign
    const base = { n, interval: null, bound: 0, unit: 'requests', window } as const
    if (foreign > 0) {
      const first = cells.map(({ firstForeign }) => firstForeign).reduce(earliest, null)
      const where = first === null ? '' : ` (first ${first.request} ${atTime(first.atMs)}: ${first.what})`
      const why = `${count(foreign)} of ${plural(n, 'answer')} had been given to another identity${where}`
      return { ...base, result: 'fail', cause: 'leaked_answer', witnessed: true, measured: foreign, why }
    }
    const undecided = { ...base, result: 'inconclusive', measured: n === 0 ? null : 0 } as const
    const unknownRoutes = untoldRoutes(
      cells,
      (cell) => cell.own + cell.kept,
      (cell) => cell.untold + cell.unbacked,
    )
    if (unknownRoutes.length > 0) {
      const why = `of most answers of ${unknownRoutes.join(', ')}, whose they are is not known: pass x-request-id on, and ask routes whose answers differ`
      return { ...undecided, cause: n === 0 ? 'no_samples' : 'too_few_samples', why }
    }
    if (n === 0) return { ...undecided, cause: 'no_samples', why: 'no identity got an answer' }
    // Another one's answer that was written anew is one of these.
    if (unbacked > 0) {
      const why = `${plural(unbacked, 'answer')} had a body that no upstream sent, so nobody knows whose; pass x-request-id on, and bodies as they are`
      return { ...undecided, cause: 'too_few_samples', why }
    }
    const unknown = untold === 0 ? '' : `; of ${count(untold)} more nobody can tell`
    return { ...base, result: 'pass', measured: 0, why: `${plural(n, 'answer')} went to whom they were meant for${unknown}` }
  },
})
