// Small numbers for names, so that what is kept by name can be kept in lists.

/** To look along so many takes less than to look into a map. */
const FEW = 8

export class Places {
  readonly #first: readonly string[]
  readonly #places: Map<string, number>

  constructor(names: readonly string[]) {
    this.#first = names.slice(0, FEW)
    this.#places = new Map(names.map((name, place) => [name, place]))
  }

  /** A name that is not among those given gets the next place. */
  of(name: string): number {
    for (let place = 0; place < this.#first.length; place++) if (this.#first[place] === name) return place
    let place = this.#places.get(name)
    if (place === undefined) this.#places.set(name, (place = this.#places.size))
    return place
  }
}
