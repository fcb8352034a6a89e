// What was worked out of an object, kept with the object itself: it goes when the object goes.
// A WeakMap promises the same, but the collector of young objects leaves what is in one alone. Where plays follow each other, each with
// evidence of its own, that evidence would pile up until the next full collection.

export class KeptWith<Of extends object, Value> {
  readonly #key: symbol

  /** `name` is for who looks at the object in a debugger. */
  constructor(name: string) {
    this.#key = Symbol(name)
  }

  get(of: Of): Value | undefined {
    // Under this key nobody else has set anything.
    return (of as { [key: symbol]: Value | undefined })[this.#key]
  }

  /** Neither a copy of the object nor its JSON has it. */
  set(of: Of, value: Value): void {
    Object.defineProperty(of, this.#key, { value, configurable: true, writable: true, enumerable: false })
  }
}
