// Makes a kind of criterion from its parts, and binds a criterion's data to its kind.
import * as z from 'zod'
import { isJudged } from '../plan/judged.ts'
import type { Plan, PlannedPhase } from '../plan/plan.ts'
import type { Cause } from './finding/cause.ts'
import type { CriterionFacts, CriterionType, KnownCriterion } from './criterion.ts'
import type { Case, RawFinding } from './finding/raw-finding.ts'

type DataOf<Kind extends string, Fields extends z.ZodRawShape> = z.output<
  z.ZodObject<{ kind: z.ZodLiteral<Kind> } & Fields, z.core.$strict>
>

type Parts<Kind extends string, Fields extends z.ZodRawShape, Build, Own extends Cause> = Omit<
  CriterionType<Kind, DataOf<Kind, Fields>, Build, NoInfer<Own>>,
  'schema' | 'causes'
> & { fields: Fields; causes: readonly Own[] }

/** One kind of criterion: its data is `kind` and `fields`, and nothing else. */
export function criterionType<const Kind extends string, Fields extends z.ZodRawShape, Build extends object, const Own extends Cause>({
  fields,
  ...type
}: Parts<Kind, Fields, Build, Own>): CriterionType<Kind, DataOf<Kind, Fields>, Build, Own> {
  const schema = z.strictObject({ kind: z.literal(type.kind), ...fields })
  return { ...type, schema }
}

/** Table of criteria by their kinds. */
export function byKind<const Types extends readonly CriterionType[]>(types: Types): { [Type in Types[number] as Type['kind']]: Type } {
  // Object.fromEntries forgets which key belongs to which value.
  return Object.fromEntries(types.map((type) => [type.kind, type])) as { [Type in Types[number] as Type['kind']]: Type }
}

/** Answers for one criterion's data what its type knows for all. */
export function bind<Data>(
  facts: CriterionFacts<Data>,
  criterion: Data,
  rest: { upstream: string | undefined; judge(run: Case): RawFinding },
): KnownCriterion {
  const phases = facts.phases(criterion)
  return {
    ...rest,
    relation: facts.relation,
    breaker: facts.breaker,
    sentence: facts.sentence(criterion),
    phases,
    needs: facts.needs(criterion),
    latencyBound: facts.latencyBound?.(criterion),
    badShare: facts.badShare?.(criterion),
    samplesIn: (plan) => facts.samplesIn?.(criterion, plan) ?? [judgedPhases(plan, phases)],
    check: (plan) => facts.check?.(criterion, plan) ?? [],
  }
}

/** The named phases; without names, all but warm-up and those that are saturated. */
function judgedPhases(plan: Plan, named: readonly string[]): PlannedPhase[] {
  return plan.phases.filter((phase) => (named.length > 0 ? named.includes(phase.name) : isJudged(phase)))
}

type Merged<Union> = (Union extends unknown ? (member: Union) => void : never) extends (member: infer All) => void ? All : never

/** All functions by which scenarios write the criteria of a table. */
export function buildersOf<Table extends Record<string, CriterionType>>(table: Table): Merged<Table[keyof Table]['build']> {
  // Object.assign forgets its sources' types when these come from a list.
  return Object.assign({}, ...Object.values(table).map(({ build }) => build)) as Merged<Table[keyof Table]['build']>
}
