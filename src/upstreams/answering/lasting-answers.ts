// Answers that are always the same: to a question, by a route that asked neither chance nor memory; and with a status, whatever was asked.
// A live fake knows no questions, so that it computes each answer anew.
import type { AnswerPlan } from '../../faults/answer-plan.ts'
import { type Answer, isAltered } from './answer.ts'

interface Asked {
  method: string
  question?: object
}

export class LastingAnswers {
  readonly #isForgetful: boolean
  readonly #byQuestion = new WeakMap<object, Answer>()
  readonly #byStatus = new Map<string, Answer>()

  /** `isForgetful`: routes of this upstream have no memory that an answer could depend on. */
  constructor(isForgetful: boolean) {
    this.#isForgetful = isForgetful
  }

  find({ question, method }: Asked, plan: AnswerPlan): Answer | undefined {
    if (!question || isAltered(plan)) return undefined
    return plan.status ? this.#byStatus.get(keyOf(method, plan.status)) : this.#byQuestion.get(question)
  }

  /** `look`: what the route has looked at; undefined where no route was asked. */
  keep({ question, method }: Asked, plan: AnswerPlan, answer: Answer, look: { readonly isParticular: boolean } | undefined): void {
    if (!question || isAltered(plan)) return
    if (plan.status) this.#byStatus.set(keyOf(method, plan.status), answer)
    else if (look && this.#isForgetful && !look.isParticular) this.#byQuestion.set(question, answer)
  }
}

const keyOf = (method: string, { code, headers }: NonNullable<AnswerPlan['status']>): string => JSON.stringify([method, code, headers])
