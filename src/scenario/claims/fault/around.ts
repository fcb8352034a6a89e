// The phases around a fault: the last quiet one before any fault, its own, and the longest quiet one after it, until the next fault.
import type { Ms } from '../../../kernel/clock.ts'
import type { PlannedPhase } from '../../../plan/plan.ts'
import type { Story } from '../claim.ts'

export interface Around {
  steady: PlannedPhase | undefined
  faulted: readonly PlannedPhase[]
  recovery: PlannedPhase | undefined
}

export function around({ phases, faults }: Story, names: readonly string[]): Around {
  const isQuiet = ({ name, warmUp }: PlannedPhase): boolean => !warmUp && !faults.some(({ phase }) => phase === name)
  const faulted = phases.filter(({ name }) => names.includes(name))
  const endMs = Math.max(...faulted.map((phase) => phase.endMs))
  // After a fault, nothing is steady for a while.
  const firstFault = phases.findIndex((phase) => !phase.warmUp && !isQuiet(phase))
  const before = firstFault < 0 ? phases : phases.slice(0, firstFault)
  const after = phases.filter((phase) => phase.startMs >= endMs)
  const next = after.findIndex((phase) => !isQuiet(phase))
  const until = next < 0 ? after : after.slice(0, next)
  return {
    steady: before.findLast(isQuiet),
    faulted,
    recovery: until.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0],
  }
}

const lengthOf = ({ startMs, endMs }: PlannedPhase): Ms => endMs - startMs
