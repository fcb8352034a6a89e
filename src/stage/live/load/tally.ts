// Counts of the load: since its start, and of what ended since the last report.
import type { LoadEvent } from '../../../evidence/events.ts'
import type { Ms } from '../../../kernel/clock.ts'
import type { Outcome } from '../../../contract/outcome.ts'

export class Tally {
  due = 0
  sent = 0
  ended = 0
  #outcomes: Partial<Record<Outcome, number>> = {}
  /** The outcome of the last ones, which is not among the counts yet: most end like the one before. */
  #last: Outcome = 'ok'
  #inARow = 0
  #latencies = new Float64Array(256)
  #latencyCount = 0

  end(outcome: Outcome, latency: Ms): void {
    this.ended++
    if (outcome !== this.#last) this.#count()
    this.#last = outcome
    this.#inARow++
    if (outcome === 'ok') this.#keep(latency)
  }

  counts(): Pick<LoadEvent, 'due' | 'sent' | 'ended' | 'inFlight'> {
    return { due: this.due, sent: this.sent, ended: this.ended, inFlight: this.sent - this.ended }
  }

  /** What ended since the last call. */
  takeLast(): NonNullable<LoadEvent['last']> {
    this.#count()
    const latencies = this.#latencies.slice(0, this.#latencyCount)
    // A simulation without a journal reports each second, and nobody reads it.
    const taken = {
      outcomes: this.#outcomes,
      get p95() {
        return latencies.toSorted()[Math.ceil(latencies.length * 0.95) - 1] ?? null
      },
    }
    this.#outcomes = {}
    this.#latencyCount = 0
    return taken
  }

  #count(): void {
    if (this.#inARow === 0) return
    this.#outcomes[this.#last] = (this.#outcomes[this.#last] ?? 0) + this.#inARow
    this.#inARow = 0
  }

  #keep(latency: Ms): void {
    if (this.#latencyCount === this.#latencies.length) {
      const larger = new Float64Array(2 * this.#latencyCount)
      larger.set(this.#latencies)
      this.#latencies = larger
    }
    this.#latencies[this.#latencyCount++] = latency
  }
}
