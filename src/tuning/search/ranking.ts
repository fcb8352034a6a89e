// Which of two candidates is better, and which are better than all others in something.
import type { Values } from '../space/space.ts'
import { type Priority, type Scores, stepsOf } from './objectives.ts'
import type { Standing } from './standing.ts'

export interface Preference {
  /** What counts, in this order. */
  order: readonly Priority[]
  /** Of the present settings: what differs from them by less than a step is as good as they are. */
  present: Scores | undefined
  /** How far a candidate is from the present settings; 0 for all where that is not known. */
  distance: (values: Values) => number
}

/**
 * The better one first: one that passes, then one with fewer criteria unmet, then by the objectives. Of two that are as good as each other
 * the one nearer to the present settings is first, then the one with the smaller values, so that the order depends on nothing else.
 */
export function byRank({ order, present, distance }: Preference): (a: Standing, b: Standing) => number {
  return (a, b) => {
    if (a.passes !== b.passes) return a.passes ? -1 : 1
    if (!a.passes && a.unmet !== b.unmet) return a.unmet - b.unmet
    for (const priority of order) {
      const difference = stepsIn(b, priority, present) - stepsIn(a, priority, present)
      if (difference !== 0) return difference
    }
    const further = distance(a.values) - distance(b.values)
    if (further !== 0) return further
    const differs = a.values.findIndex((value, at) => value !== b.values[at])
    return differs < 0 ? 0 : a.values[differs]! - b.values[differs]!
  }
}

/** The Pareto front: candidates that pass, and that no other one beats in one objective without being worse in another; the best first. */
export function frontOf(standings: readonly Standing[], preference: Preference): Standing[] {
  const ranked = standings.filter(({ passes }) => passes).toSorted(byRank(preference))
  const front: Standing[] = []
  for (const candidate of ranked) if (!front.some((other) => isAsGood(other, candidate, preference))) front.push(candidate)
  return front
}

/** Whether `one` is nowhere worse than `other`. A better one comes earlier in the order of ranks, so that one walk finds the front. */
const isAsGood = (one: Standing, other: Standing, { order, present }: Preference): boolean =>
  order.every((priority) => stepsIn(one, priority, present) >= stepsIn(other, priority, present))

const stepsIn = ({ scores }: Standing, priority: Priority, present: Preference['present']): number =>
  stepsOf(priority, scores[priority.name], present?.[priority.name])
