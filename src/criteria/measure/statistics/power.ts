// How likely a criterion passes a gateway that keeps its promise: a bound that no run can reach proves nothing.
import { binomialCdf, rateInterval } from './statistics.ts'

/** A gateway so much better than its limit should pass nearly always. */
export const MUCH_BETTER = 0.1
const NEARLY_ALWAYS = 0.95
const MAX_SAMPLES = 10_000_000

/** Chance (0–1) that `n` requests prove a share of bad ones below `limit`, when `rate` of them are bad. */
export function passChance(n: number, limit: number, rate: number): number {
  return binomialCdf(mostThatPass(n, limit), n, rate)
}

/** How many requests pass a much better gateway nearly always; infinite when ten million do not. */
export function samplesToPass(limit: number): number {
  let [few, enough] = [0, MAX_SAMPLES]
  if (passChance(enough, limit, MUCH_BETTER * limit) < NEARLY_ALWAYS) return Number.POSITIVE_INFINITY
  while (enough - few > 1) {
    const middle = (few + enough) >>> 1
    if (passChance(middle, limit, MUCH_BETTER * limit) >= NEARLY_ALWAYS) enough = middle
    else few = middle
  }
  return enough
}

/** The most bad requests of `n` with which the bound still lies below the limit; −1 when not even none does. */
function mostThatPass(n: number, limit: number): number {
  let [passing, failing] = [-1, n]
  while (failing - passing > 1) {
    const middle = Math.floor((passing + failing) / 2)
    if (rateInterval(middle, n)[1] < limit) passing = middle
    else failing = middle
  }
  return passing
}
