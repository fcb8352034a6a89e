// Which of two candidates is better, and which are better than all others in something.
import { type ObjectiveName, stepsOf } from './objectives.ts'
import type { Standing } from './standing.ts'

/**
 * The better one first: one that passes, then one with fewer criteria unmet, then by the objectives in this order. Of two that are as good
 * as each other, the one with the smaller values is first, so that the order depends on nothing else.
 */
export function byRank(order: readonly ObjectiveName[]): (a: Standing, b: Standing) => number {
  return (a, b) => {
    if (a.passes !== b.passes) return a.passes ? -1 : 1
    if (!a.passes && a.unmet !== b.unmet) return a.unmet - b.unmet
    for (const name of order) {
      const difference = stepsOf(name, b.scores[name]) - stepsOf(name, a.scores[name])
      if (difference !== 0) return difference
    }
    const differs = a.values.findIndex((value, at) => value !== b.values[at])
    return differs < 0 ? 0 : a.values[differs]! - b.values[differs]!
  }
}

/** The Pareto front: candidates that pass, and that no other one beats in one objective without being worse in another; the best first. */
export function frontOf(standings: readonly Standing[], order: readonly ObjectiveName[]): Standing[] {
  const ranked = standings.filter(({ passes }) => passes).toSorted(byRank(order))
  const front: Standing[] = []
  for (const candidate of ranked) if (!front.some((other) => isAsGood(other, candidate, order))) front.push(candidate)
  return front
}

/** Whether `one` is nowhere worse than `other`. A better one comes earlier in the order of ranks, so that one walk finds the front. */
const isAsGood = (one: Standing, other: Standing, order: readonly ObjectiveName[]): boolean =>
  order.every((name) => stepsOf(name, one.scores[name]) >= stepsOf(name, other.scores[name]))
