// What a fake remembers: a map that forgets its oldest entries, so that hours of load take no more memory than minutes.

/** Most services are asked for what was written a moment ago; nobody reads the ten-thousandth entry again. */
const REMEMBERED = 10_000

/** What it is made with stays for good; of what is added later, the newest `limit`. Setting a key again makes it the newest. */
export class BoundedMap<Value> {
  readonly #entries: Map<string, Value>
  readonly #lasting: ReadonlySet<string>
  readonly #limit: number
  /** Goes on from where it has forgotten: from the first key, a map passes over all that were deleted. */
  #oldest: Iterator<string> | undefined
  /** Added, and not yet put in its place. */
  readonly #added: [key: string, value: Value][] = []

  constructor(lasting: Iterable<readonly [string, Value]> = [], limit = REMEMBERED) {
    this.#entries = new Map(lasting)
    this.#lasting = new Set(this.#entries.keys())
    this.#limit = limit + this.#lasting.size
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key) ?? (this.#added.length > 0 ? this.#placed.get(key) : undefined)
  }

  has(key: string): boolean {
    return this.#placed.has(key)
  }

  set(key: string, value: Value): this {
    const entries = this.#placed
    const before = entries.size
    entries.set(key, value)
    if (entries.size === before) {
      // It was there, where it is not the newest.
      if (this.#lasting.has(key)) return this
      entries.delete(key)
      entries.set(key, value)
    } else if (entries.size > this.#limit) this.#forgetOldest()
    return this
  }

  /** A key that was never there, such as a drawn id. It is put in its place when somebody looks for it, which most never are. */
  add(key: string, value: Value): void {
    this.#added.push([key, value])
    if (this.#added.length > this.#limit) this.#place()
  }

  delete(key: string): boolean {
    return this.#placed.delete(key)
  }

  get size(): number {
    return this.#placed.size
  }

  keys(): MapIterator<string> {
    return this.#placed.keys()
  }

  values(): MapIterator<Value> {
    return this.#placed.values()
  }

  [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.#placed.entries()
  }

  /** All of them. */
  get #placed(): Map<string, Value> {
    if (this.#added.length > 0) this.#place()
    return this.#entries
  }

  #place(): void {
    for (const [key, value] of this.#added.splice(0)) this.set(key, value)
  }

  #forgetOldest(): void {
    for (;;) {
      this.#oldest ??= this.#entries.keys()
      const { value: key, done } = this.#oldest.next()
      // Those at the end are found from the beginning: one may have been passed over.
      if (done === true) this.#oldest = undefined
      else if (!this.#lasting.has(key)) return void this.#entries.delete(key)
    }
  }
}
