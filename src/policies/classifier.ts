// What an outcome of an attempt says: about the upstream (for the breaker), and about trying again (for retry). The table below may be
// overruled by each upstream's settings: for one service a 404 is the caller's error, for another the service's.
import * as z from 'zod'
import type { AttemptOutcome } from './effects.ts'
import { outcomePattern } from './outcome-pattern.ts'
import type { RetrySettings } from './retry/settings.ts'

/**
 * What an attempt says about its upstream. `alive` proves life and no more: it closes a half-open breaker, and counts for nothing
 * while the breaker is closed.
 */
const attemptClasses = ['success', 'failure', 'neutral', 'alive'] as const
export type AttemptClass = (typeof attemptClasses)[number]

/** By pattern: what an outcome says, where that is not as usual. */
export const classSettings = z.partialRecord(outcomePattern, z.enum(attemptClasses))

export interface Classification {
  class: AttemptClass
  retryable: boolean
  /** The call has not got what it wanted: retry, fall back, or hand the error on. */
  failed: boolean
}

// A 4xx is the caller's error. It does not count as a failure (would open the breaker) nor as a success (would reset a count of
// consecutive failures). A 429 is about the caller's pace: retry and limits react to it, the breaker does not.
const usual: Record<string, AttemptClass> = {
  '1xx': 'neutral',
  '2xx': 'success',
  '3xx': 'success',
  '4xx': 'alive',
  '408': 'failure',
  '429': 'neutral',
  '5xx': 'failure',
  timeout: 'failure',
  connection_error: 'failure',
}

export interface ClassifierOptions {
  /** Overrules the settings' classes; undefined leaves the outcome to them. When it throws, the outcome is neutral. */
  classify?: ((outcome: AttemptOutcome) => AttemptClass | undefined) | undefined
}

// A list is whole from the start: one with gaps is looked up slowly.
const NONE_MET: readonly (Classification | undefined)[] = Array.from({ length: 600 }, () => undefined)

export class Classifier {
  /** Of those that were met. */
  readonly #byStatus = NONE_MET.slice()
  readonly #classification: (exact: string, family?: string) => Classification
  readonly #timeout: Classification
  readonly #connectionError: Classification
  readonly #overruling: ClassifierOptions['classify']

  constructor(
    { classes, retry }: { classes?: z.output<typeof classSettings> | undefined; retry?: RetrySettings | undefined },
    { classify }: ClassifierOptions = {},
  ) {
    const table: Record<string, AttemptClass | undefined> = { ...usual, ...classes }
    const on = new Set(retry?.on)
    const never = new Set(retry?.never)
    const classification = (exact: string, family: string = exact): Classification => {
      const named = table[exact] ?? table[family] ?? 'failure'
      // The more particular pattern wins; of two equals, `never`.
      const retryable = !never.has(exact) && (on.has(exact) || (!never.has(family) && on.has(family)))
      return { class: named, retryable, failed: named === 'failure' || retryable || exact === family }
    }
    this.#classification = classification
    this.#timeout = classification('timeout')
    this.#connectionError = classification('connection_error')
    this.#overruling = classify
  }

  classify(outcome: AttemptOutcome): Classification {
    const usually = this.#lookUp(outcome)
    return this.#overruling ? overrule(this.#overruling, outcome, usually) : usually
  }

  #lookUp(outcome: AttemptOutcome): Classification {
    if (outcome.is === 'response') return (this.#byStatus[outcome.status] ??= this.#ofStatus(outcome.status))
    if (outcome.is === 'timeout') return this.#timeout
    return outcome.ours ? { ...this.#connectionError, class: 'neutral' } : this.#connectionError
  }

  #ofStatus(status: number): Classification {
    const isOfHttp = status >= 100 && status < 600
    return isOfHttp ? this.#classification(`${status}`, `${Math.floor(status / 100)}xx`) : this.#connectionError
  }
}

function overrule(
  classify: NonNullable<ClassifierOptions['classify']>,
  outcome: AttemptOutcome,
  { class: usually, retryable }: Classification,
): Classification {
  const isResponse = outcome.is === 'response'
  try {
    const named = classify(outcome) ?? usually
    return { class: named, retryable, failed: named === 'failure' || retryable || !isResponse }
  } catch {
    // Nothing is known of this outcome: the client gets what there is, and the breaker counts nothing.
    return { class: 'neutral', retryable: false, failed: !isResponse }
  }
}
