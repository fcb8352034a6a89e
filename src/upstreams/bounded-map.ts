// What a fake remembers: a map that forgets its oldest entries, so that hours of load take no more memory than minutes.

/** Most services are asked for what was written a moment ago; nobody reads the ten-thousandth entry again. */
const REMEMBERED = 10_000

/** What it is made with stays for good; of what is added later, the newest `limit`. Setting a key again makes it the newest. */
export class BoundedMap<Value> extends Map<string, Value> {
  readonly #lasting: ReadonlySet<string>
  readonly #limit: number
  /** Goes on from where it has forgotten: from the first key, a map passes over all that were deleted. */
  #oldest: Iterator<string> | undefined

  constructor(lasting: Iterable<readonly [string, Value]> = [], limit = REMEMBERED) {
    super()
    const entries = [...lasting]
    this.#lasting = new Set(entries.map(([key]) => key))
    this.#limit = limit + this.#lasting.size
    for (const [key, value] of entries) super.set(key, value)
  }

  override set(key: string, value: Value): this {
    const before = this.size
    super.set(key, value)
    if (this.size === before) {
      // It was there, where it is not the newest.
      if (this.#lasting.has(key)) return this
      this.delete(key)
      super.set(key, value)
    } else if (this.size > this.#limit) this.#forgetOldest()
    return this
  }

  #forgetOldest(): void {
    for (;;) {
      this.#oldest ??= this.keys()
      const { value: key, done } = this.#oldest.next()
      // Those at the end are found from the beginning: one may have been passed over.
      if (done === true) this.#oldest = undefined
      else if (!this.#lasting.has(key)) return void this.delete(key)
    }
  }
}
