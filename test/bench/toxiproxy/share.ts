// One figure as a share of a peer's, round by round, and what the rounds say about a goal.
import { quantileRanks } from '../../../src/criteria/measure/statistics/statistics.ts'

/** The median over the rounds; each bound of it alone is wrong in at most one case of twenty, whatever the distribution. */
export interface Share {
  median: number
  lower: number
  upper: number
}

/** `no worse`: of something that should be small, it is not shown to be greater than the peer's. */
export type Goal = { atLeast: number } | { atMost: number } | 'no worse'

// Bounds further apart would call anything no worse.
const BLUR = 2

/** @throws Error with too few rounds for bounds */
export function shareOf(ours: readonly number[], peers: readonly number[]): Share {
  const shares = ours.map((value, round) => value / peers[round]!).toSorted((a, b) => a - b)
  const [lower, upper] = quantileRanks(shares.length, 0.5)
  if (lower === null || upper === null) throw new Error(`${shares.length} rounds are too few`)
  return { median: shares[Math.floor(shares.length / 2)]!, lower: shares[lower - 1]!, upper: shares[upper - 1]! }
}

export function verdict({ median, lower, upper }: Share, goal: Goal): 'reached' | 'missed' | 'too noisy to tell' {
  if (goal === 'no worse') {
    if (lower > 1) return 'missed'
    return upper / lower <= BLUR ? 'reached' : 'too noisy to tell'
  }
  const reached = 'atLeast' in goal ? median >= goal.atLeast : median <= goal.atMost
  return reached ? 'reached' : 'missed'
}

export function showGoal(goal: Goal): string {
  if (goal === 'no worse') return goal
  return 'atLeast' in goal ? `at least ${goal.atLeast}` : `at most ${goal.atMost}`
}
