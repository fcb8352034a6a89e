// When a body was last sent, by its checksum. Of many bodies: the numbers alone are kept, and no text.
import { checksumNumber } from '../../contract/body-checksum.ts'
import type { Ms } from '../../kernel/clock.ts'

/** How many bodies are remembered, at least. */
const REMEMBERED = 50_000

/** So many are noted before they are filed. */
const MOST_NOTED = 4096

export class LastSent {
  /** Each body with its time after it. They are filed when somebody asks for one, which is seldom. */
  readonly #noted: number[] = []
  // What was not sent again while the younger half filled up is forgotten.
  #younger = new Times()
  #older = new Times()

  set(checksum: string, t: Ms): void {
    this.#noted.push(checksumNumber(checksum), t)
    if (this.#noted.length >= 2 * MOST_NOTED) this.#file()
  }

  /** Undefined where it was not sent, as far as is remembered; an empty checksum is of no body. */
  get(checksum: string): Ms | undefined {
    if (checksum === '') return undefined
    this.#file()
    const sum = checksumNumber(checksum)
    return this.#younger.get(sum) ?? this.#older.get(sum)
  }

  #file(): void {
    for (let at = 0; at < this.#noted.length; at += 2) {
      this.#younger.set(this.#noted[at]!, this.#noted[at + 1]!)
      if (this.#younger.size < REMEMBERED) continue
      this.#older = this.#younger
      this.#younger = new Times()
    }
    this.#noted.length = 0
  }
}

/** A map of whole numbers: a `Map` would keep each time as an object of its own. */
class Times {
  readonly #places = new Map<number, number>()
  readonly #times: Ms[] = []

  get size(): number {
    return this.#times.length
  }

  set(key: number, t: Ms): void {
    const place = this.#places.get(key)
    if (place === undefined) this.#places.set(key, this.#times.push(t) - 1)
    else this.#times[place] = t
  }

  get(key: number): Ms | undefined {
    const place = this.#places.get(key)
    return place === undefined ? undefined : this.#times[place]
  }
}
