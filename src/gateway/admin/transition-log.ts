// Breaker transitions, numbered and kept for a while: the source of the event stream, and of its replay.
import type { Ms } from '../../kernel/clock.ts'

/** One transition as the event stream carries it; `t` is on the machine's monotonic clock. */
export interface Transition {
  /** From 1, without holes. */
  sequence: number
  t: Ms
  upstream: string
  from: string
  to: string
  cause: string
  failures: number
  threshold: number
}

export interface Replay {
  transitions: readonly Transition[]
  /** Sequence numbers asked for that are no longer kept, or were never given by this process (it was restarted). */
  gap: { from: number; to: number } | undefined
}

export class TransitionLog {
  readonly #kept: Transition[] = []
  readonly #capacity: number
  readonly #listeners = new Set<(transition: Transition) => void>()
  #last = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  add(transition: Omit<Transition, 'sequence'>): void {
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
  listen(listener: (transition: Transition) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
