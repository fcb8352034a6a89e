// The beta distribution: what exact bounds of rates and of ranks are computed with.

/**
 * P(X ≤ x) of beta(a, b), a and b above 0: the regularized incomplete beta function I_x(a, b), by its continued fraction
 * (DLMF 8.17.22). Accurate to about 1e-12, also where a and b are in the millions.
 */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  return cdfOf(kernel(x, a, b, gammas(a, b)), x, a, b)
}

/** `weight`: the kernel at x. */
function cdfOf(weight: number, x: number, a: number, b: number): number {
  // The fraction converges quickly below the mean; above it, the mirrored one does (DLMF 8.17.4).
  return x < (a + 1) / (a + b + 2) ? (weight / a) * fraction(x, a, b) : 1 - (weight / b) * fraction(1 - x, b, a)
}

/** The x with P(X ≤ x) = p: Newton's steps, and half the interval that still holds x wherever a step would leave it. */
export function betaQuantile(p: number, a: number, b: number): number {
  let low = 0
  let high = 1
  let x = a / (a + b)
  const constant = gammas(a, b)
  for (let step = 0; step < MAX_STEPS; step++) {
    const weight = kernel(x, a, b, constant)
    const miss = cdfOf(weight, x, a, b) - p
    if (miss > 0) high = x
    else low = x
    const density = weight / (x * (1 - x))
    const newton = x - miss / density
    const next = newton > low && newton < high ? newton : (low + high) / 2
    if (Math.abs(next - x) <= EPSILON * x) return next
    x = next
  }
  return x
}

const EPSILON = 1e-14
const MAX_STEPS = 200
// The fraction takes about as many terms as the root of the larger parameter.
const MAX_TERMS = 100_000
// In place of a zero, by which Lentz's method would divide.
const TINY = 1e-300

/** The continued fraction of DLMF 8.17.22, by the method of Lentz as modified by Thompson and Barnett (1986). */
function fraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1))
  let result = d
  for (let m = 1; m < MAX_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    let factor = 1
    for (const term of [even, odd]) {
      d = 1 / nonZero(1 + term * d)
      c = nonZero(1 + term / c)
      factor = c * d
      result *= factor
    }
    if (Math.abs(factor - 1) < EPSILON) break
  }
  return result
}

const nonZero = (value: number): number => (Math.abs(value) < TINY ? TINY : value)

/**
 * x^a (1 − x)^b / B(a, b). The gamma functions of B are taken by Stirling's series around the mean a/(a + b), so that no
 * large logarithms cancel: with parameters in the millions they would leave seven digits. `constant`: what `gammas` tells of a and b.
 */
function kernel(x: number, a: number, b: number, constant: number): number {
  const sum = a + b
  const mean = a / sum
  const power = a * logRatio(x, mean, x - mean) + b * logRatio(1 - x, b / sum, mean - x)
  return Math.sqrt((a * b) / (2 * Math.PI * sum)) * Math.exp(power + constant)
}

function gammas(a: number, b: number): number {
  return stirling(a + b) - stirling(a) - stirling(b)
}

/** ln(value / base), from their difference where they are near to each other. */
function logRatio(value: number, base: number, difference: number): number {
  return Math.abs(difference) < base / 2 ? Math.log1p(difference / base) : Math.log(value / base)
}

/** ln Γ(z) − ((z − ½) ln z − z + ½ ln 2π), by the series of DLMF 5.11.1, which needs a z that is not small. */
function stirling(z: number): number {
  let small = 0
  for (; z < 16; z++) small += (z + 0.5) * Math.log1p(1 / z) - 1
  const square = z * z
  return small + (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * square)) / square) / square) / z
}
