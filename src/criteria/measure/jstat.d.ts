// jstat brings no types; these are the two functions in use.
declare module 'jstat' {
  interface BetaDistribution {
    /** P(X ≤ x). */
    cdf(x: number, alpha: number, beta: number): number
    /** The x with P(X ≤ x) = p. */
    inv(p: number, alpha: number, beta: number): number
  }
  const library: { jStat: { beta: BetaDistribution } }
  export default library
}
