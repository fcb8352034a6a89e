// The gateway's own addresses, with the methods that each takes: what is asked for in another way is told which ways there are.

/** A pattern's segments; `:name` stands for any. */
interface Address {
  segments: readonly string[]
  methods: Set<string>
}

export class Addresses {
  readonly #known = new Map<string, Address>()

  /** `pattern` such as `/operations/:operation`. */
  add(pattern: string, methods: readonly string[]): void {
    const address = this.#known.get(pattern) ?? { segments: pattern.split('/'), methods: new Set() }
    for (const method of methods) address.methods.add(method)
    this.#known.set(pattern, address)
  }

  /** Of the address that `path` is, in alphabetical order; none where there is no such address. */
  methodsOf(path: string): string[] {
    const asked = path.split('/')
    const methods = new Set<string>()
    for (const address of this.#known.values()) if (fits(address, asked)) for (const method of address.methods) methods.add(method)
    return [...methods].toSorted()
  }
}

function fits({ segments }: Address, asked: readonly string[]): boolean {
  return (
    segments.length === asked.length &&
    segments.every((segment, at) => (segment.startsWith(':') ? asked[at] !== '' : segment === asked[at]))
  )
}
