// Refines the best candidate: its neighbours on each setting are raced against it, and where none is better they come nearer.
// Pattern search: R. Hooke and T. A. Jeeves, Journal of the ACM 8, 1961.
import { type Space, type Values, pointOf, valuesAt } from '../space/space.ts'
import { type RaceOptions, race, raceCost } from './racing.ts'
import type { Standing } from './standing.ts'
import type { Trials } from './trials.ts'

export interface RefineOptions extends Omit<RaceOptions, 'keep'> {
  space: Space
  scenarios: number
  /** How far the first neighbours are, as a share of each range. */
  reach: number
  /** The values that the settings have now, where each of them is set. */
  present: Values | undefined
  /** So many trials are left alone. */
  reserve: number
}

// A hundredth of a range is finer than what a few seeds can tell.
const NEAREST = 0.01

export async function refine(start: Standing, trials: Trials, options: RefineOptions): Promise<Standing> {
  const { space, seeds, preference, scenarios, present, reserve } = options
  let best = start
  for (let reach = options.reach; reach >= NEAREST;) {
    const neighbours = [...around(best, reach, space), ...withOneAsNow(best, present)].map((values) => trials.candidate(values))
    if (neighbours.length > 0) {
      if (raceCost(neighbours.length + 1, seeds.length) * scenarios > trials.left - reserve) break
      const [winner] = await race([best, ...neighbours], trials, { seeds, preference, keep: 1 })
      if (winner && JSON.stringify(winner.settings) !== JSON.stringify(best.settings)) {
        best = winner
        continue
      }
    }
    reach /= 2
  }
  return best
}

/** One setting each as it is now: what need not change is not to change. */
const withOneAsNow = ({ values }: Standing, present: Values | undefined): Values[] =>
  (present ?? []).flatMap((now, axis) => (now === values[axis] ? [] : [values.map((value, at) => (at === axis ? now : value))]))

/** One step up and one down on each setting, as far as these are other values. */
function around({ values }: Standing, reach: number, space: Space): Values[] {
  const point = pointOf(space, values)
  const within = (place: number): number => Math.min(1, Math.max(0, place))
  return space
    .flatMap((_, axis) => [-reach, reach].map((by) => point.map((place, at) => within(at === axis ? place + by : place))))
    .map((moved) => valuesAt(space, moved))
    .filter((moved) => moved.some((value, at) => value !== values[at]))
}
