// Counts of the load: since its start, and of what ended since the last report.
import type { LoadEvent } from '../../../evidence/events.ts'
import type { LastSecond } from '../../../evidence/events/load.ts'
import type { Ms } from '../../../kernel/clock.ts'
import type { Outcome } from '../../../contract/outcome.ts'

export class Tally {
  due = 0
  sent = 0
  ended = 0
  #outcomes: LastSecond['outcomes'] = {}
  /** The outcome of the last ones, which is not among the counts yet: most end like the one before. */
  #last: Outcome = 'ok'
  #inARow = 0
  #latencies: Ms[] = []

  end(outcome: Outcome, latency: Ms): void {
    this.ended++
    if (outcome !== this.#last) this.#count()
    this.#last = outcome
    this.#inARow++
    if (outcome === 'ok') this.#latencies.push(latency)
  }

  counts(): Pick<LoadEvent, 'due' | 'sent' | 'ended' | 'inFlight'> {
    return { due: this.due, sent: this.sent, ended: this.ended, inFlight: this.sent - this.ended }
  }

  /** What ended since the last call. */
  takeLast(): LastSecond {
    this.#count()
    const taken = new Taken(this.#outcomes, this.#latencies)
    this.#outcomes = {}
    this.#latencies = []
    return taken
  }

  #count(): void {
    if (this.#inARow === 0) return
    this.#outcomes[this.#last] = (this.#outcomes[this.#last] ?? 0) + this.#inARow
    this.#inARow = 0
  }
}

/** A simulation without a journal reports each second, and nobody reads it: what is told of the latencies is worked out when it is read. */
class Taken implements LastSecond {
  readonly outcomes: LastSecond['outcomes']
  readonly #latencies: readonly Ms[]

  constructor(outcomes: LastSecond['outcomes'], latencies: readonly Ms[]) {
    this.outcomes = outcomes
    this.#latencies = latencies
  }

  get p95(): Ms | null {
    return Float64Array.from(this.#latencies).toSorted()[Math.ceil(this.#latencies.length * 0.95) - 1] ?? null
  }

  toJSON(): LastSecond {
    return { outcomes: this.outcomes, p95: this.p95 }
  }
}
