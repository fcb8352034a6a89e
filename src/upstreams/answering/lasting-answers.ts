// Answers that are always the same: to a question, by a route that asked neither chance nor memory; and with a status, whatever was asked.
// A live fake knows no questions, so that it computes each answer anew.
import type { AnswerPlan } from '../../faults/answer-plan.ts'
import { type Answer, isAltered } from './answer.ts'
import type { Asked } from './asked.ts'

export class LastingAnswers {
  readonly #byStatus = new Map<string | number, Answer>()

  find(asked: Asked, plan: AnswerPlan): Answer | undefined {
    if (!asked.isQuestion || isAltered(plan)) return undefined
    return plan.status ? this.#byStatus.get(keyOf(asked, plan.status)) : asked.lasting
  }

  keep(asked: Asked, plan: AnswerPlan, answer: Answer): void {
    if (!asked.isQuestion || isAltered(plan)) return
    if (plan.status) this.#byStatus.set(keyOf(asked, plan.status), answer)
    else if (!asked.look.isParticular) asked.lasting = answer
  }
}

/** Most have no headers of their own, and no HEAD is sent: the status says it all, and no text is made. */
function keyOf({ method }: Asked, { code, headers }: NonNullable<AnswerPlan['status']>): string | number {
  for (const _ in headers) return JSON.stringify([method, code, headers])
  return method === 'HEAD' ? -code : code
}
