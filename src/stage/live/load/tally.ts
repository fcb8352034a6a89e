// Counts of the load: since its start for the journal, and of the last second for the live view.
import type { Ms } from '../../../kernel/clock.ts'
import type { Outcome } from '../../../contract/outcome.ts'

export interface LoadCounts {
  /** Arrivals due so far, sent so far, ended so far. */
  due: number
  sent: number
  ended: number
  inFlight: number
}

export interface LastSecond {
  /** Requests that ended, by outcome; outcomes that did not occur are absent. */
  outcomes: Partial<Record<Outcome, number>>
  /** Of the latencies from due, `ok` only; null when there was none. */
  p95: Ms | null
}

export class Tally {
  due = 0
  sent = 0
  ended = 0
  #outcomes: Partial<Record<Outcome, number>> = {}
  #latencies: Ms[] = []

  end(outcome: Outcome, latency: Ms): void {
    this.ended++
    this.#outcomes[outcome] = (this.#outcomes[outcome] ?? 0) + 1
    if (outcome === 'ok') this.#latencies.push(latency)
  }

  counts(): LoadCounts {
    return { due: this.due, sent: this.sent, ended: this.ended, inFlight: this.sent - this.ended }
  }

  /** What ended since the last call. */
  takeSecond(): LastSecond {
    const latencies = this.#latencies.toSorted((a, b) => a - b)
    const taken = { outcomes: this.#outcomes, p95: latencies[Math.ceil(latencies.length * 0.95) - 1] ?? null }
    this.#outcomes = {}
    this.#latencies = []
    return taken
  }
}
