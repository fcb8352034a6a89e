// answers('gemini').carry({ header: 'retry-after' }, { of: ['limited'] }): every answer carries a header, or JSON of a shape. By outcome: what
// an error must say is another thing than what a good answer must.
import { validateHeaderName } from 'node:http'
import * as z from 'zod'
import type { Outcome } from '../../contract/outcome.ts'
import { earliest } from '../../evidence/tallies/trace-tally.ts'
import { atTime, count, plural } from '../../kernel/wording.ts'
import { shown, suggest } from '../../kernel/validation.ts'
import { type PlannedRoute, reaches } from '../../plan/plan.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import type { CriterionProblem } from '../criterion.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne, outcomes } from '../writing/fields.ts'
import { windowOf } from '../measure/scope.ts'
import { type Carried, type JsonShape, carriedKey, jsonShape } from './carried.ts'

export const carry = criterionType({
  kind: 'answers_carry',
  doc: {
    written: "answers('gemini').carry({ header: 'retry-after' }, { of: ['limited'] })",
    demands: 'Every answer with these outcomes carries the header, or JSON of this shape.',
    over: 'named',
    counts: 'Answers with the outcomes that are named.',
    samples: 'one such answer',
    undecided: 'No answer had one of these outcomes.',
  },
  fields: {
    ...ofOne,
    header: z.string().exactOptional(),
    value: z.string().exactOptional(),
    json: jsonShape.exactOptional(),
    outcomes: outcomes.exactOptional(),
    routes: z.array(z.string()).min(1).exactOptional(),
  },
  build: {
    /**
     * Every answer carries this header, with this very value or with any, or a JSON body of this shape. `of`: answers of these outcomes
     * alone; without it, all that have a status. `routes`: answers of these routes of the load alone.
     */
    carry:
      (scope: { upstream: string; during?: string[] }) =>
      (
        what: { header: string; value?: string } | { json: JsonShape },
        { of, routes }: { of?: Outcome[]; routes?: string[] } = {},
      ): WrittenCriterion =>
        written({
          kind: 'answers_carry',
          ...scope,
          ...what,
          ...('header' in what && { header: what.header.toLowerCase() }),
          ...(of && { outcomes: of }),
          ...(routes && { routes }),
        }),
  },
  relation: 'all',
  breaker: 'none',
  causes: ['not_carried'],
  sentence: (criterion) =>
    `${criterion.outcomes === undefined ? 'every answer' : `every ${criterion.outcomes.join(' or ')}`} of ${criterion.routes?.join(' and ') ?? criterion.upstream}${inPhases(criterion.during)} carries ${carriedWords(criterion)}`,
  phases: named,
  needs: () => 1,
  asks: ['plain_bodies'],
  check: (criterion, { load }) => [
    ...problemsOf(criterion),
    ...(load.mix.some((route) => reaches(route, criterion.upstream))
      ? []
      : [{ at: 'upstream', message: `no route of the load reaches ${criterion.upstream}` }]),
    ...(criterion.routes ?? []).flatMap((name) => unknownRoute(name, criterion.upstream, load.mix)),
  ],

  judge(criterion, run) {
    const { upstream } = criterion
    const window = windowOf(run.plan, criterion.during)
    const key = carriedKey(criterion)
    const routes = new Set(criterion.routes ?? run.plan.load.mix.filter((route) => reaches(route, upstream)).map(({ route }) => route))
    const cells = run.evidence.carried.filter(
      (cell) =>
        cell.key === key &&
        routes.has(cell.route) &&
        window.phases.includes(cell.phase) &&
        (criterion.outcomes?.includes(cell.outcome) ?? true),
    )
    const carrying = cells.reduce((total, cell) => total + cell.carrying, 0)
    const lacking = cells.reduce((total, cell) => total + cell.lacking, 0)
    const n = carrying + lacking
    const base = { n, interval: null, bound: n, unit: 'requests', window } as const
    if (lacking > 0) {
      const first = cells.map(({ firstLacking }) => firstLacking).reduce(earliest, null)
      const where = first === null ? '' : ` (first ${first.request} ${atTime(first.atMs)}: ${first.what})`
      const why = `${count(lacking)} of ${plural(n, 'answer')} did not carry ${carriedWords(criterion)}${where}`
      return { ...base, result: 'fail', cause: 'not_carried', witnessed: true, measured: carrying, why }
    }
    if (n === 0) {
      const which = criterion.outcomes === undefined ? 'an answer' : criterion.outcomes.join(' or ')
      return { ...base, result: 'inconclusive', cause: 'no_samples', measured: null, why: `no request for ${upstream} ended in ${which}` }
    }
    return { ...base, result: 'pass', measured: carrying, why: `all of ${plural(n, 'answer')} carried it` }
  },
})

function unknownRoute(name: string, upstream: string, mix: readonly PlannedRoute[]): CriterionProblem[] {
  const known = mix.filter((route) => reaches(route, upstream)).map(({ route }) => route)
  return known.includes(name) ? [] : [{ at: 'routes', message: `no route ${shown(name)} reaches ${upstream}${suggest(name, known)}` }]
}

function carriedWords({ header, value, json }: Carried): string {
  if (header !== undefined) return value === undefined ? `the header ${header}` : `${header}: ${value}`
  return `JSON of the shape ${JSON.stringify(json)}`
}

function problemsOf({ header, value, json }: Carried): CriterionProblem[] {
  if (header === undefined && json === undefined) return [{ message: 'nothing to carry; name a header, or the shape of the JSON' }]
  if (header === undefined) return value === undefined ? [] : [{ at: 'value', message: 'is the value of no header; name the header too' }]
  try {
    validateHeaderName(header)
    return []
  } catch {
    return [{ at: 'header', message: `is no name of a header: ${JSON.stringify(header)}` }]
  }
}
