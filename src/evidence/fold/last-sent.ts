// When a body was last sent, by its checksum. Of many bodies: the numbers alone are kept, and no text.
import type { Ms } from '../../kernel/clock.ts'
import { NumberTable } from './counting/number-table.ts'

/** How many bodies are remembered, at least. */
const REMEMBERED = 50_000

export class LastSent {
  // What was not sent again while the younger half filled up is forgotten.
  #younger = new NumberTable()
  #older = new NumberTable()

  /** `sum`: as `checksumNumber` tells it. */
  set(sum: number, t: Ms): void {
    this.#younger.set(sum, t)
    if (this.#younger.size < REMEMBERED) return
    this.#older = this.#younger
    this.#younger = new NumberTable()
  }

  /** Undefined where it was not sent, as far as is remembered. */
  get(sum: number): Ms | undefined {
    return this.#younger.get(sum) ?? this.#older.get(sum)
  }
}
