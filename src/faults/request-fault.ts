// The contract of a request fault: what a fake upstream does wrong, decided per request ordinal from the seed.
// A new fault is a file of this shape in request/ and a line in requests.ts.
import type { ZodType } from 'zod'
import type { AnswerPlan } from './answer-plan.ts'
import type { CustomFaults } from './custom-fault.ts'
import type { FaultDoc } from './fault-doc.ts'
import type { RequestFaultInput } from './fault-input.ts'
import type { Draw } from './latency.ts'

/** Functions that scenarios are written with, by name: `status('gemini', 503, { every: 20 })`. */
// The arguments are each builder's own; only what it returns is known here.
export type Builders<Input> = Record<string, (...given: never[]) => Input>

export interface RequestFaultType<Fault extends { is: string }, Own extends Builders<RequestFaultInput>> {
  readonly is: Fault['is']
  readonly docs: readonly FaultDoc[]
  /** Accepts the fault as it is written, with spans such as '2s', and its own result, in milliseconds. */
  readonly schema: ZodType<Fault>
  readonly build: Own
  /** "answers 503" */
  words(fault: Fault): string
  /** Adds its part to the answer's plan. `draw` belongs to this fault and this request; `custom` holds the users' own faults. */
  apply(fault: Fault, plan: AnswerPlan, draw: Draw, custom: CustomFaults): void
}

/** Checks a definition; the types of its fault and builders are kept. */
export function requestFaultType<const Fault extends { is: string }, const Own extends Builders<RequestFaultInput>>(
  definition: RequestFaultType<Fault, Own>,
): RequestFaultType<Fault, Own> {
  return definition
}
