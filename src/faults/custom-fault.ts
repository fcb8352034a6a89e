// A request fault of the user's own, as the harness holds it: found by module and export. See request/custom.ts.
import type { ZodType } from 'zod'
import type { AnswerPlan } from './answer-plan.ts'
import type { Draw } from './latency.ts'

/** `words` and `apply` take what `schema` gives. */
export interface CustomFaultDefinition {
  /** The file that defines it, absolute, and the name that it is exported by. */
  readonly module: string
  readonly export: string
  readonly schema: ZodType
  words(params: unknown): string
  apply(params: unknown, plan: AnswerPlan, draw: Draw): void
}

/** Users' faults that were loaded, by `customFaultKey`. */
export type CustomFaults = ReadonlyMap<string, CustomFaultDefinition>

export function customFaultKey(place: { module: string; export: string }): string {
  return `${place.module}#${place.export}`
}
