// What an outcome says: about the upstream (for the breaker) and about trying again (for retry). A table from status, timeout
// and connection error, which each upstream's settings may overrule: for one service a 404 is the caller's mistake, for another a fault.
import type { AttemptOutcome } from './effects.ts'
import type { UpstreamPolicies } from './settings.ts'

/** `answered`: proof of life and no more. It closes a half-open breaker, and says nothing while closed, as 4xx. */
export type OutcomeClass = 'success' | 'failure' | 'neutral' | 'answered'

export interface Verdict {
  class: OutcomeClass
  retryable: boolean
  /** The call has not got what it wanted: retry, fall back, or hand the error on. */
  failed: boolean
}

// A mistake of the caller's must neither open a breaker nor, as a success between failures, keep it from opening.
// 429 speaks of the caller's pace: retry and limits listen to it, the breaker does not.
const usual: Record<string, OutcomeClass> = {
  '1xx': 'neutral',
  '2xx': 'success',
  '3xx': 'success',
  '4xx': 'answered',
  '408': 'failure',
  '429': 'neutral',
  '5xx': 'failure',
  timeout: 'failure',
  connection_error: 'failure',
}

export interface ClassifierOptions {
  classify?: ((outcome: AttemptOutcome) => OutcomeClass | undefined) | undefined
  retryIf?: ((outcome: AttemptOutcome) => boolean) | undefined
}

export class Classifier {
  readonly #byStatus: (Verdict | undefined)[] = []
  readonly #timeout: Verdict
  readonly #connectionError: Verdict
  readonly #options: ClassifierOptions

  constructor({ classes, retry }: Pick<UpstreamPolicies, 'classes' | 'retry'>, options: ClassifierOptions = {}) {
    const table: Record<string, OutcomeClass | undefined> = { ...usual, ...classes }
    const on = new Set(retry?.on)
    const never = new Set(retry?.never)
    const verdict = (exact: string, family: string = exact): Verdict => {
      const named = table[exact] ?? table[family] ?? 'failure'
      // The more particular pattern wins; of two equals, `never`.
      const retryable = !never.has(exact) && (on.has(exact) || (!never.has(family) && on.has(family)))
      return { class: named, retryable, failed: named === 'failure' || retryable || exact === family }
    }
    for (let status = 100; status < 600; status++) this.#byStatus[status] = verdict(`${status}`, `${Math.floor(status / 100)}xx`)
    this.#timeout = verdict('timeout')
    this.#connectionError = verdict('connection_error')
    this.#options = options
  }

  judge(outcome: AttemptOutcome): Verdict {
    const verdict = this.#lookUp(outcome)
    return this.#options.classify || this.#options.retryIf ? this.#overrule(outcome, verdict) : verdict
  }

  #lookUp(outcome: AttemptOutcome): Verdict {
    if (outcome.is === 'response') return this.#byStatus[outcome.status] ?? this.#connectionError // a status that HTTP does not have
    return outcome.is === 'timeout' ? this.#timeout : this.#connectionError
  }

  #overrule(outcome: AttemptOutcome, usually: Verdict): Verdict {
    const { classify, retryIf } = this.#options
    const isResponse = outcome.is === 'response'
    try {
      const named = classify?.(outcome) ?? usually.class
      const retryable = usually.retryable && (retryIf?.(outcome) ?? true)
      return { class: named, retryable, failed: named === 'failure' || retryable || !isResponse }
    } catch {
      // A judge that fails has judged nothing: the client gets what there is, the breaker hears nothing of it.
      return { class: 'neutral', retryable: false, failed: !isResponse }
    }
  }
}
