// Chance as a parameter: seeded, with one named stream per consumer, so that adding a consumer shifts nobody else's draws.

export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform integer in [0, bound). */
  integer(bound: number): number
  /** Exponential with the given mean: the gaps of a Poisson process. */
  exponential(mean: number): number
  /** Standard normal (Marsaglia polar method). */
  normal(): number
  /** An independent generator for `name`, the same for the same seed and name whatever was drawn before. */
  stream(name: string): Random
}

/** A generator for `seed` (an integer, of which the low 32 bits count). The core is sfc32, seeded through splitmix32. */
export function seededRandom(seed: number): Random {
  const next = sfc32(seed)
  let spare: number | undefined
  const random: Random = {
    next,
    integer: (bound) => Math.floor(next() * bound),
    exponential: (mean) => -mean * Math.log1p(-next()),
    normal() {
      if (spare !== undefined) {
        const value = spare
        spare = undefined
        return value
      }
      for (;;) {
        const x = 2 * next() - 1
        const y = 2 * next() - 1
        const square = x * x + y * y
        if (square === 0 || square >= 1) continue
        const scale = Math.sqrt((-2 * Math.log(square)) / square)
        spare = y * scale
        return x * scale
      }
    },
    stream: (name) => seededRandom(hash32(name, seed)),
  }
  return random
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

function splitmix32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let bits = state ^ (state >>> 16)
    bits = Math.imul(bits, 0x21f0aaad)
    bits ^= bits >>> 15
    bits = Math.imul(bits, 0x735a2d97)
    return bits ^ (bits >>> 15)
  }
}

// Chris Doty-Humphrey's sfc32 (PractRand): passes its statistical suite, four words of state.
function sfc32(seed: number): () => number {
  const word = splitmix32(seed)
  let a = word()
  let b = word()
  let c = word()
  let counter = 1
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  for (let round = 0; round < 12; round++) next()
  return next
}
