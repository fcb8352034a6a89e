// All criteria that a scenario can state, in one table. A new one is a file beside this one, made with criterionType, and its line here.
// What depends on a criterion's kind is looked up in the table: its schema, its sentence, the samples it needs, its rule.
import * as z from 'zod'
import { shown } from '../kernel/validation.ts'
import type { CriterionData, PlannedCriterion } from '../plan/plan.ts'
import { alertCriteria, alerts } from './alerts/alerts.ts'
import { answerCriteria, answers } from './answers/answers.ts'
import { type CarriedAsk, carriedKey } from './answers/carried.ts'
import { carry } from './answers/carry.ts'
import { identities } from './answers/identities.ts'
import { amplification } from './amplification.ts'
import { breaker, breakerCriteria } from './breaker/breaker.ts'
import type { AnswerAsk, CriterionType, KnownCriterion } from './criterion.ts'
import { bind, buildersOf, byKind } from './criterion-type.ts'
import { type CustomCriteria, bindCustom, customSchema, isCustom } from './custom.ts'
import { errorRate } from './error-rate.ts'
import { failedOperations } from './failed-operations.ts'
import { fastFail } from './fast-fail.ts'
import { fallbackCriteria, fallbacks } from './fallbacks/fallbacks.ts'
import { goodput } from './goodput.ts'
import { growth, growthCriteria } from './growth/growth.ts'
import { latency } from './latency.ts'
import { backToBaseline } from './recovery/back-to-baseline.ts'
import { goodputAfter } from './recovery/goodput-after.ts'
import { restoredWithin } from './recovery/restored.ts'
import { operationCriteria, operations } from './operations/operations.ts'
import { retries, retryCriteria } from './retries/retries.ts'
import { saturation, saturationCriteria } from './saturation/saturation.ts'
import { streamCriteria, streams } from './streams/streams.ts'
import { concurrency } from './upstream/concurrency.ts'
import { effects } from './upstream/effects.ts'
import { pace } from './upstream/pace.ts'
import { upstreamWork } from './upstream/upstream-work.ts'
import { unharmed } from './unharmed.ts'
import { unsafeRetries } from './unsafe-retries.ts'
import { webhookCriteria, webhooks } from './webhooks/webhooks.ts'

const requestCriteria = byKind([
  latency,
  errorRate,
  goodput,
  failedOperations,
  amplification,
  fastFail,
  unsafeRetries,
  unharmed,
  backToBaseline,
  goodputAfter,
  restoredWithin,
  upstreamWork,
  effects,
  concurrency,
  pace,
  identities,
])

export const criteria = {
  ...breakerCriteria,
  ...retryCriteria,
  ...fallbackCriteria,
  ...streamCriteria,
  ...answerCriteria,
  ...growthCriteria,
  ...saturationCriteria,
  ...alertCriteria,
  ...webhookCriteria,
  ...operationCriteria,
  ...requestCriteria,
}

export const builders = {
  breaker,
  retries,
  fallbacks,
  streams,
  answers,
  growth,
  saturation,
  alerts,
  webhooks,
  operations,
  ...buildersOf(requestCriteria),
}

export type CriterionKind = keyof typeof criteria

/** What a scenario demands, as plain data. It travels in run.json. */
export type Criterion = z.output<(typeof criteria)[CriterionKind]['schema']> | z.output<typeof customSchema>

const kinds = [...Object.keys(criteria), 'custom']

/** Reads a criterion's data. */
export const criterionSchema: z.ZodType<CriterionData> = z.discriminatedUnion(
  'kind',
  // A table's values are a list of no known length, and a type's schema is only known to read its data.
  [customSchema, ...Object.values(criteria).map(({ schema }) => schema)] as unknown as [typeof customSchema],
  { error: ({ input }) => `unknown criterion ${shown((input as { kind?: unknown } | undefined)?.kind)}; known: ${kinds.join(', ')}` },
)

/** What the load must look at in every answer for these criteria. A project's own ask for nothing more. */
export function answerAsks(planned: readonly PlannedCriterion[]): AnswerAsk[] {
  const asked = planned.flatMap(({ criterion }) => (isCustom(criterion) ? [] : (typeOf(criterion).asks ?? [])))
  return [...new Set(asked)]
}

/** What the load must look for in answers. */
export function carriedAsks(planned: readonly PlannedCriterion[]): CarriedAsk[] {
  const asks = planned.flatMap(({ criterion }) => {
    // The other kinds need no reading.
    const parsed = criterion.kind === carry.kind ? carry.schema.safeParse(criterion) : undefined
    return parsed?.success ? [parsed.data] : []
  })
  // Two criteria may ask the same of different outcomes or phases.
  const byKey = new Map(
    asks.map(({ upstream, header, value, json }) => {
      const what = { ...(header !== undefined && { header }), ...(value !== undefined && { value }), ...(json !== undefined && { json }) }
      const key = carriedKey(what)
      return [`${upstream} ${key}`, { key, upstream, ...what }] as const
    }),
  )
  return [...byKey.values()]
}

/**
 * All that the kind of `criterion` knows of it. `custom` holds the modules of a plan's own criteria (see loadCriteria).
 * Its data was read by `criterionSchema`.
 */
export function knownCriterion(criterion: CriterionData, custom: CustomCriteria = new Map()): KnownCriterion {
  if (isCustom(criterion)) return bindCustom(criterion, custom)
  const type = typeOf(criterion)
  return bind(type, criterion, { upstream: criterion.upstream, judge: (run) => type.judge(criterion, run) })
}

const typeOf = ({ kind }: CriterionData): CriterionType => criteria[kind as CriterionKind]
