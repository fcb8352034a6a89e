// Small numbers for names, so that what is kept by name can be kept in lists.

export class Places {
  readonly #places: Map<string, number>
  // The next name is often the same.
  #last: string | undefined
  #lastPlace = -1

  constructor(names: readonly string[]) {
    this.#places = new Map(names.map((name, place) => [name, place]))
  }

  /** A name that is not among those given gets the next place. */
  of(name: string): number {
    if (name === this.#last) return this.#lastPlace
    let place = this.#places.get(name)
    if (place === undefined) this.#places.set(name, (place = this.#places.size))
    this.#last = name
    this.#lastPlace = place
    return place
  }
}
