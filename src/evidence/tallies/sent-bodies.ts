// The bodies that an upstream has sent lately, by checksum and length, and to whom. An answer without an attempt of its own may be one
// of these: the gateway shares the answer of another request, or has kept it.

// A kept answer may be as old as the run. Beyond this many, the oldest are forgotten.
const MAX_KEPT = 65_536

/** Sent to more than one. */
export const MANY = Symbol('many')

export class SentBodies {
  readonly #byUpstream = new Map<string, Map<number, string | typeof MANY>>()

  /** `to`: who asked for it; the default is nobody in particular. */
  add(upstream: string, checksum: string, length: number, to = ''): void {
    let kept = this.#byUpstream.get(upstream)
    if (!kept) this.#byUpstream.set(upstream, (kept = new Map()))
    const key = keyOf(checksum, length)
    const known = kept.get(key)
    if (known !== undefined) kept.delete(key)
    kept.set(key, known === undefined || known === to ? to : MANY)
    if (kept.size <= MAX_KEPT) return
    // A Map keeps the order of insertion: its first key is the oldest.
    for (const oldest of kept.keys()) {
      kept.delete(oldest)
      break
    }
  }

  has(upstream: string, checksum: string, length: number): boolean {
    return this.to(upstream, checksum, length) !== undefined
  }

  /** Who was sent this body; undefined when nobody was, as far as is remembered. */
  to(upstream: string, checksum: string, length: number): string | typeof MANY | undefined {
    return checksum === '' ? undefined : this.#byUpstream.get(upstream)?.get(keyOf(checksum, length))
  }
}

/** 32 bits of checksum and 21 of the length: exact in a number. */
function keyOf(checksum: string, length: number): number {
  return Number.parseInt(checksum, 16) * 2 ** 21 + (length % 2 ** 21)
}
