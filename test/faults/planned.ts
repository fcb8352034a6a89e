// A fault's way from its builder to its plan, for tests of single faults.
import type { Problem } from '../../src/kernel/errors.ts'
import { type AnswerPlan, healthyPlan } from '../../src/faults/answer-plan.ts'
import type { CanaryResult, Sighting } from '../../src/faults/network/canary-signs.ts'
import { familyOf, planFault } from '../../src/faults/families.ts'
import type { Fault } from '../../src/faults/fault.ts'
import type { FaultInput } from '../../src/faults/fault-input.ts'
import type { RequestFault } from '../../src/faults/requests.ts'
import { requestFaultOf } from '../../src/faults/requests.ts'
import { signOf } from '../../src/stage/live/faults/canary.ts'

/** All planned faults of a builder's result; there must be no problem. */
export function allPlanned(input: FaultInput): Fault[] {
  const problems: Problem[] = []
  const faults = planFault(input, 'faults[0]', problems)
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  return faults
}

export function planned(input: FaultInput): Fault {
  const [fault, ...more] = allPlanned(input)
  if (!fault || more.length > 0) throw new Error(`expected one fault, got ${more.length + 1}`)
  return fault
}

/** What is wrong with a fault, as `path: message`. */
export function problemsOf(input: FaultInput): string[] {
  const problems: Problem[] = []
  planFault(input, 'faults[0]', problems)
  return problems.map(({ path, message }) => `${path}: ${message}`)
}

export function wordsOf(input: FaultInput): string {
  const fault = planned(input)
  return familyOf(fault).words(fault)
}

/** A request fault in planned form, without its hits. */
export function requestFault(input: FaultInput): RequestFault {
  const fault = planned(input)
  if (fault.made !== 'request') throw new Error('no request fault')
  return fault.fault
}

/** The plan of an answer that these faults hit. Draws are 0.5. */
export function answerPlan(...inputs: FaultInput[]): AnswerPlan {
  const plan = healthyPlan()
  for (const fault of inputs.map(requestFault)) requestFaultOf(fault).apply(fault, plan, () => 0.5, new Map())
  return plan
}

export const healthy: CanaryResult = { outcome: 'complete', firstByteMs: 2, endMs: 3, pieces: 1 }

/** What a canary that met `seen` says of a network fault in one direction. */
export function sign(input: FaultInput, seen: Partial<CanaryResult>): string | undefined {
  const fault = planned(input)
  if (fault.made !== 'network') throw new Error('no network fault')
  return signOf(fault, healthy, { ...healthy, ...seen } satisfies Sighting['seen'])
}

export function delayBound(input: FaultInput, lastsMs = 1000): number {
  const fault = planned(input)
  return familyOf(fault).delayBound(fault, lastsMs)
}

export function keepsRequests(input: FaultInput): boolean {
  const fault = planned(input)
  return familyOf(fault).keepsRequests(fault)
}
