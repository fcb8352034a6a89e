// Counts of the load: since its start, and of what ended since the last report.
import type { LoadEvent } from '../../../evidence/events.ts'
import type { Ms } from '../../../kernel/clock.ts'
import type { Outcome } from '../../../contract/outcome.ts'

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

  counts(): Pick<LoadEvent, 'due' | 'sent' | 'ended' | 'inFlight'> {
    return { due: this.due, sent: this.sent, ended: this.ended, inFlight: this.sent - this.ended }
  }

  /** What ended since the last call. */
  takeLast(): NonNullable<LoadEvent['last']> {
    const latencies = new Float64Array(this.#latencies).toSorted()
    const taken = { outcomes: this.#outcomes, p95: latencies[Math.ceil(latencies.length * 0.95) - 1] ?? null }
    this.#outcomes = {}
    this.#latencies = []
    return taken
  }
}
