// Whether an upstream that tasks depend on is well: its breaker is not open, and its health address answers. Asked before a task is accepted.
import { randomUUID } from 'node:crypto'
import type { Clock, Ms } from '../../../kernel/clock.ts'
import type { BreakerViews } from '../../admin/breaker-views.ts'
import type { CallUpstream } from '../service.ts'
import { outcomeOf } from './delivery.ts'

export interface DependencyOptions {
  upstream: string
  /** Its health address. */
  path: string
  /** How long an answer counts. */
  answerFor: Ms
  clock: Clock
  call: CallUpstream
  breakers: Pick<BreakerViews, 'one'>
}

export class Dependency {
  readonly #options: DependencyOptions
  #answer: { at: Ms; problem: Promise<string | undefined> } | undefined

  constructor(options: DependencyOptions) {
    this.#options = options
  }

  /** What is wrong with it; undefined when nothing is. */
  async problem(): Promise<string | undefined> {
    const { upstream, breakers, clock, answerFor } = this.#options
    // Behind an open breaker nothing is asked.
    if (breakers.one(upstream)?.state === 'open') return `${upstream}: its breaker is open`
    const now = clock.now()
    if (!this.#answer || now - this.#answer.at > answerFor) this.#answer = { at: now, problem: this.#ask() }
    return this.#answer.problem
  }

  async #ask(): Promise<string | undefined> {
    const { upstream, path, call } = this.#options
    const outcome = outcomeOf(upstream, await call(upstream, { method: 'GET', path, requestId: `health-${randomUUID()}` }))
    return outcome === undefined || outcome.is === 'delivered' ? undefined : outcome.reason
  }
}
