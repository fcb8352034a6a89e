// Breaker transitions, numbered and kept for a while: the source of the event stream, and of its replay.
import type { BreakerTransition } from '../../contract/breaker-events.ts'

export interface Replay {
  transitions: readonly BreakerTransition[]
  /** Sequence numbers asked for that are no longer kept, or were never given by this process (it was restarted). */
  gap: { from: number; to: number } | undefined
}

export class TransitionLog {
  readonly #kept: BreakerTransition[] = []
  readonly #capacity: number
  readonly #listeners = new Set<(transition: BreakerTransition) => void>()
  #last = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  add(transition: Omit<BreakerTransition, 'sequence'>): void {
    const numbered = { sequence: ++this.#last, ...transition }
    this.#kept.push(numbered)
    if (this.#kept.length > this.#capacity) this.#kept.shift()
    for (const listener of this.#listeners) listener(numbered)
  }

  /** What came after sequence number `seen`, and what of it is missing. */
  since(seen: number): Replay {
    const oldest = this.#kept[0]?.sequence ?? this.#last + 1
    if (seen > this.#last) return { transitions: [...this.#kept], gap: { from: seen + 1, to: this.#last } }
    const transitions = this.#kept.filter((transition) => transition.sequence > seen)
    return { transitions, gap: seen + 1 < oldest ? { from: seen + 1, to: oldest - 1 } : undefined }
  }

  /** Listens to new transitions until the returned function is called. */
  listen(listener: (transition: BreakerTransition) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
