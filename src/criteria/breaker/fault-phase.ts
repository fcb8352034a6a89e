// What criteria share that measure a time from a phase's fault.
import * as z from 'zod'
import type { Plan } from '../../plan/plan.ts'
import type { CriterionProblem } from '../criterion.ts'
import { spanMs } from '../writing/fields.ts'

export const ofFault = { upstream: z.string(), phase: z.string(), withinMs: spanMs }

export function needsFault({ phase }: { phase: string }, plan: Plan): CriterionProblem[] {
  if (plan.faults.some((fault) => fault.phase === phase)) return []
  return [{ at: 'phase', message: `phase "${phase}" has no fault to measure from` }]
}
