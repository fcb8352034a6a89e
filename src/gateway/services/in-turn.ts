// Lets work on one key run one after the other, and work on different keys side by side. Transactions that read and write the same key would
// only undo one another.

export class InTurn {
  /** By key: the end of the last work that was asked for. */
  readonly #ends = new Map<string, Promise<unknown>>()

  /** Keys that are worked on. */
  get size(): number {
    return this.#ends.size
  }

  /** Runs `work` after all that was asked for under the same key before, however that ended. */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#ends.get(key) ?? Promise.resolve()
    const own = before.then(work, work)
    this.#ends.set(key, own)
    try {
      return await own
    } finally {
      if (this.#ends.get(key) === own) this.#ends.delete(key)
    }
  }
}
