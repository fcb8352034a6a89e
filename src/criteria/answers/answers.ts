// answers('gemini').intact() .unspoiled() .given() .carry(…): criteria about what clients get of an upstream's answers. A new one is a file here and its
// line in the table.
import { buildersOf, byKind } from '../criterion-type.ts'
import { type UpstreamRef, nameOf } from '../writing/notation.ts'
import { carry } from './carry.ts'
import { intact } from './intact.ts'
import { given } from './given.ts'
import { unspoiled } from './unspoiled.ts'

export const answerCriteria = byKind([intact, unspoiled, given, carry])

const steps = buildersOf(answerCriteria)

export type AnswerCriteria = { [Step in keyof typeof steps]: ReturnType<(typeof steps)[Step]> } & {
  during(...phases: string[]): AnswerCriteria
}

export function answers(of: UpstreamRef): AnswerCriteria {
  return scoped({ upstream: nameOf(of) })
}

function scoped(scope: { upstream: string; during?: string[] }): AnswerCriteria {
  const written = Object.entries(steps).map(([name, step]) => [name, step(scope)] as const)
  const during = (...phases: string[]): AnswerCriteria => scoped({ ...scope, during: phases })
  // Object.fromEntries forgets which step belongs to which name.
  return Object.fromEntries([...written, ['during', during]]) as AnswerCriteria
}
