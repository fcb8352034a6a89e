// Chance as a parameter: seeded, with one named stream per consumer, so that adding a consumer shifts nobody else's draws.

/** Each function may be taken out of it. */
export interface Random {
  /** Uniform in [0, 1). */
  readonly next: () => number
  /** Uniform integer in [0, bound). */
  readonly integer: (bound: number) => number
  /** Exponential with the given mean: the gaps of a Poisson process. */
  readonly exponential: (mean: number) => number
  /** Standard normal (Marsaglia polar method). */
  readonly normal: () => number
  /** An independent generator for `name`, the same for the same seed and name whatever was drawn before. */
  readonly stream: (name: string) => Random
}

/** A generator for `seed` (an integer, of which the low 32 bits count). */
export function seededRandom(seed: number): Random {
  const random = new Sfc32(seed)
  return {
    next: () => random.next(),
    integer: (bound) => random.integer(bound),
    exponential: (mean) => random.exponential(mean),
    normal: () => random.normal(),
    stream: (name) => random.stream(name),
  }
}

/**
 * The generator itself, as one object: it costs less to make, and its methods are of no use without it. Chris Doty-Humphrey's sfc32
 * (PractRand), which passes its statistical suite with four words of state, seeded through splitmix32.
 */
export class Sfc32 {
  readonly #seed: number
  #a: number
  #b: number
  #c: number
  #counter = 1
  #spare: number | undefined

  constructor(seed: number) {
    const from = seed | 0
    this.#seed = seed
    this.#a = splitmix32(from, 1)
    this.#b = splitmix32(from, 2)
    this.#c = splitmix32(from, 3)
    for (let round = 0; round < 12; round++) this.next()
  }

  next(): number {
    const b = this.#b
    const c = this.#c
    const counter = this.#counter
    const sum = (((this.#a + b) | 0) + counter) | 0
    this.#counter = (counter + 1) | 0
    this.#a = b ^ (b >>> 9)
    this.#b = (c + (c << 3)) | 0
    this.#c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }

  integer(bound: number): number {
    return Math.floor(this.next() * bound)
  }

  exponential(mean: number): number {
    return -mean * Math.log1p(-this.next())
  }

  normal(): number {
    if (this.#spare !== undefined) {
      const value = this.#spare
      this.#spare = undefined
      return value
    }
    for (;;) {
      const x = 2 * this.next() - 1
      const y = 2 * this.next() - 1
      const square = x * x + y * y
      if (square === 0 || square >= 1) continue
      const scale = Math.sqrt((-2 * Math.log(square)) / square)
      this.#spare = y * scale
      return x * scale
    }
  }

  stream(name: string): Random {
    return seededRandom(hash32(name, this.#seed))
  }
}

/**
 * Uniform draws in [0, 1) by ordinal, each of which depends on nothing but seed, name and ordinal: decisions that can be replayed out
 * of order. Keep the function: making it costs a hash of the name, a draw only a mix of integers.
 */
export function draws(seed: number, name: string): (ordinal: number) => number {
  const basis = mixed(hash32(name, seed))
  return (ordinal) => (mixed(basis ^ mixed(ordinal + 1)) >>> 0) / 2 ** 32
}

const ROW = 64

/**
 * The same numbers, worked out in rows of neighbouring ordinals: what is gone through again and again at once takes half the time. For
 * ordinals that mostly rise one by one.
 */
export function inRows(numberOf: (ordinal: number) => number): (ordinal: number) => number {
  const row = new Float64Array(ROW)
  let first = -1
  const fill = (from: number): void => {
    first = from
    for (let at = 0; at < ROW; at++) row[at] = numberOf(from + at)
  }
  return (ordinal) => {
    const place = ordinal % ROW
    if (ordinal - place !== first) fill(ordinal - place)
    return row[place]!
  }
}

/** Such draws for several purposes of one consumer. A name that was used before is not hashed again. */
export function drawsBy(seed: number, name: string): (purpose: string, ordinal: number) => number {
  const known = new Map<string, (ordinal: number) => number>()
  return (purpose, ordinal) => {
    let draw = known.get(purpose)
    if (!draw) {
      // Purposes come from a user's code too, which may make one of each request.
      if (known.size >= MOST_PURPOSES) known.clear()
      known.set(purpose, (draw = draws(seed, `${name}/${purpose}`)))
    }
    return draw(ordinal)
  }
}

const MOST_PURPOSES = 100

/** One such draw, for a name that is used once. */
export function drawFor(seed: number, name: string, ordinal: number): number {
  return draws(seed, name)(ordinal)
}

/** A permutation of the 32-bit integers in which every bit of the input moves about half of the output (Wellons, triple32). */
function mixed(value: number): number {
  let bits = value ^ (value >>> 17)
  bits = Math.imul(bits, 0xed5ad4bb)
  bits = Math.imul(bits ^ (bits >>> 11), 0xac4c1b51)
  bits = Math.imul(bits ^ (bits >>> 15), 0x31848bab)
  return bits ^ (bits >>> 14)
}

/** 32-bit FNV-1a over UTF-16 units, started from `basis`. */
function hash32(text: string, basis: number): number {
  let hash = (basis ^ 0x811c9dc5) | 0
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash ^ (hash >>> 15)
}

/** The n-th word of the sequence that begins at `seed`. */
function splitmix32(seed: number, n: number): number {
  const state = (seed + n * 0x9e3779b9) | 0
  let bits = state ^ (state >>> 16)
  bits = Math.imul(bits, 0x21f0aaad)
  bits ^= bits >>> 15
  bits = Math.imul(bits, 0x735a2d97)
  return bits ^ (bits >>> 15)
}
