// A project's own criteria, without a fork:
//
//   export const fallbackShare = defineCriterion(import.meta, { name: 'fallbackShare', schema, relation: 'below', …, judge })
//   criteria: [fallbackShare({ upstream: 'gemini', below: 0.1 })]
//
// Its data names its module and export, by which a run judged later finds it again.
import * as z from 'zod'
import { type DefiningModule, findExport } from '../kernel/modules/find-export.ts'
import { GatecrashError, type Problem, problemsError, thrownText } from '../kernel/errors.ts'
import { check } from '../kernel/validation.ts'
import { abilityNames } from '../plan/ability.ts'
import type { CriterionData, Plan } from '../plan/plan.ts'
import { nearPath } from '../kernel/modules/near-path.ts'
import { type WrittenCriterion, written } from './writing/call-site.ts'
import { causes } from './finding/cause.ts'
import type { CriterionFacts, KnownCriterion } from './criterion.ts'
import { bind } from './criterion-type.ts'
import { type Measure, measure } from './measure/measure.ts'
import type { Case, RawFinding } from './finding/raw-finding.ts'

export const customSchema = z.strictObject({
  kind: z.literal('custom'),
  /** Relative to the working directory, or absolute. */
  module: z.string(),
  export: z.string(),
  params: z.record(z.string(), z.unknown()),
})

type CustomData = z.output<typeof customSchema>

/** What a project says of its criterion. */
export interface CriterionDefinition<Params extends object> extends CriterionFacts<Params> {
  /** The name by which the module exports it. */
  name: string
  /** Reads its parameters. They travel as they are read, so what it returns must be read as the same again. */
  schema: z.ZodType<Params>
  /** The upstream that it is about, if it is about one. */
  upstream?(params: Params): string | undefined
  /** A pure function: the same run gives the same finding, byte for byte. Its own cause is `not_met`. */
  judge(params: Params, run: Case, measure: Measure): RawFinding
}

/** Writes the criterion in a scenario. */
export interface CustomCriterion<Params extends object = object> {
  (params: Params): WrittenCriterion
  readonly definition: CriterionDefinition<Params>
}

/** Definitions by module and export. */
export type CustomCriteria = ReadonlyMap<string, CriterionDefinition<object>>

/**
 * Defines a criterion of a project's own. `meta` is the defining module's `import.meta`, or in CommonJS `module`.
 * The function that it returns throws GatecrashError `invalid_scenario` for parameters that its schema refuses.
 */
export function defineCriterion<Params extends object>(
  meta: DefiningModule,
  definition: CriterionDefinition<Params>,
): CustomCriterion<Params> {
  const { name, schema } = definition
  const build = (params: Params): WrittenCriterion => {
    const problems: Problem[] = []
    const read = check(schema, params, name, problems)
    if (read === undefined) throw problemsError('invalid_scenario', meta.filename, problems)
    const data = { kind: 'custom', module: nearPath(meta.filename), export: name, params: read }
    return written(data, { definition, definedIn: meta.filename })
  }
  return Object.assign(build, { definition })
}

export const isCustom = (criterion: CriterionData): criterion is CustomData => criterion.kind === 'custom'

/** The definitions that written criteria carry with them. */
export function definitionsOf(criteria: readonly WrittenCriterion[]): CustomCriteria {
  const carried = criteria.flatMap(({ criterion, definition }) =>
    isCustom(criterion) && definition !== undefined ? [[keyOf(criterion), definition as CriterionDefinition<object>] as const] : [],
  )
  return new Map(carried)
}

/**
 * Imports the modules of a plan's own criteria. The judge is synchronous, so this comes before it.
 * @throws GatecrashError `invalid_scenario` when a module or export is missing, or its schema refuses the parameters
 */
export async function loadCriteria({ criteria }: Pick<Plan, 'criteria'>): Promise<CustomCriteria> {
  const found = new Map<string, CriterionDefinition<object>>()
  for (const { criterion } of criteria) {
    if (!isCustom(criterion)) continue
    const { module, export: name, params } = criterion
    const { definition } = await findExport(module, name, {
      is: isCustomCriterion,
      noun: 'criterion',
      madeBy: 'defineCriterion(import.meta, { … })',
    })
    const problems: Problem[] = []
    check(definition.schema, params, name, problems)
    if (problems.length > 0) throw problemsError('invalid_scenario', module, problems)
    found.set(keyOf(criterion), definition)
  }
  return found
}

/** @throws GatecrashError `invalid_scenario` when its module was not loaded, or its code throws or returns no finding */
export function bindCustom(criterion: CustomData, custom: CustomCriteria): KnownCriterion {
  const { module, export: name } = criterion
  const definition = custom.get(keyOf(criterion))
  if (!definition) throw new GatecrashError('invalid_scenario', `${module}: the criterion "${name}" was not loaded`)
  const told = tellingMistakes(definition, module)
  const params = definition.schema.parse(criterion.params)
  return bind(told, params, {
    upstream: told.upstream?.(params),
    judge(run) {
      const problems: Problem[] = []
      const finding = check(findingSchema, told.judge(params, run, measure), name, problems)
      if (finding === undefined) throw problemsError('invalid_scenario', module, problems)
      return finding
    },
  })
}

/** The same definition. What its code throws becomes a mistake of the project's, told with its place: a run is worth its verdict. */
function tellingMistakes<Params extends object>(definition: CriterionDefinition<Params>, module: string): CriterionDefinition<Params> {
  const told = Object.entries(definition).map(([part, value]: [string, unknown]) => {
    if (typeof value !== 'function') return [part, value]
    const call = (...args: unknown[]): unknown => {
      try {
        return Reflect.apply(value, definition, args)
      } catch (cause) {
        if (cause instanceof GatecrashError) throw cause
        const text = `${module}: ${part} of the criterion "${definition.name}" could not be run: ${thrownText(cause)}`
        throw new GatecrashError('invalid_scenario', text, { cause })
      }
    }
    return [part, call]
  })
  // Each part is there as it was.
  return Object.fromEntries(told) as CriterionDefinition<Params>
}

const keyOf = ({ module, export: name }: CustomData): string => `${name} of ${module}`

function isCustomCriterion(value: unknown): value is CustomCriterion {
  return typeof value === 'function' && 'definition' in value && typeof value.definition === 'object'
}

const figure = z.number().nullable()

// What a project's code returns is checked: types are checked by nobody when it runs.
const findingSchema: z.ZodType<RawFinding> = z
  .strictObject({
    result: z.enum(['pass', 'fail', 'inconclusive']),
    cause: z.enum(Object.keys(causes) as (keyof typeof causes)[]).exactOptional(),
    why: z.string(),
    n: z.number(),
    measured: figure,
    interval: z.tuple([figure, figure]).nullable(),
    bound: figure,
    unit: z.string(),
    needsMore: z.number().exactOptional(),
    window: z.strictObject({ fromMs: z.number(), toMs: z.number(), phases: z.array(z.string()) }),
    remedy: z.string().exactOptional(),
    witnessed: z.literal(true).exactOptional(),
    absent: z.enum(abilityNames).exactOptional(),
    failsAt: z.array(z.custom<(confidence: number) => boolean>((value) => typeof value === 'function')).exactOptional(),
    withoutHarnessDelay: z.custom<NonNullable<RawFinding['withoutHarnessDelay']>>((value) => typeof value === 'function').exactOptional(),
  })
  .refine(({ result, cause }) => result === 'pass' || cause !== undefined, { error: 'must name a cause, such as not_met', path: ['cause'] })
