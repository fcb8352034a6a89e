// Searches a space for the best settings. Pure but for the trials, which are a parameter.
//
//   present ──▶ Sobol's points ──race──▶ finalists ──refine──▶ recommended ──▶ cliffs
import type { Random } from '../../kernel/random.ts'
import { sobolPoints } from '../space/sobol.ts'
import { placeOf } from '../space/setting-range.ts'
import { type Space, type Values, pointOf, valuesAt } from '../space/space.ts'
import { type CliffsOfSetting, cliffsOf } from './cliffs.ts'
import type { Priority } from './objectives.ts'
import { race, raceCost } from './racing.ts'
import { type Preference, byRank, frontOf } from './ranking.ts'
import { refine } from './refinement.ts'
import type { Candidate, Standing } from './standing.ts'
import { type PlayTrials, Trials } from './trials.ts'

export interface SearchOptions {
  space: Space
  scenarios: readonly string[]
  /** The values that the settings have now, where each of them is set. */
  present: readonly number[] | undefined
  /** Trials in all. */
  budget: number
  /** Of the first seed; the others follow it. */
  seed: number
  order: readonly Priority[]
  random: Random
  play: PlayTrials
  /** Told what is done next. */
  enter?: (stage: SearchStage) => void
}

export type SearchStage = 'present settings' | 'exploration' | 'refinement' | 'cliffs'

export interface SearchResult {
  /** Those that a finalist was tried with. */
  seeds: number[]
  trials: number
  /** Undefined where the search stopped before they were tried. */
  present: Standing | undefined
  /** The best one; it may not pass. Undefined where none was tried. */
  best: Standing | undefined
  /** The best first. */
  front: Standing[]
  cliffs: CliffsOfSetting[] | undefined
  /** Every candidate that was tried, in the order of the search. */
  candidates: Standing[]
  /** How many did not hold together, and why the first of them did not. */
  refused: { candidates: number; why: string | undefined }
  /** What was thrown, where the trials ended the search. What is known by then is told all the same. */
  stopped: unknown
}

/** The rest is for refinement and cliffs. */
const EXPLORED = 0.5
const FOR_CLIFFS = 0.25
const MOST_SEEDS = 8
/** A search for which there are so many trials for each seed can have these seeds. */
const TRIALS_A_SEED = 20
const FINALISTS = 4

/** Trials without which a search says nothing. */
export const leastBudget = (scenarios: number): number => TRIALS_A_SEED * scenarios

export async function search(options: SearchOptions): Promise<SearchResult> {
  const { space, scenarios, present, budget, play, enter = () => {} } = options
  const seeds = Array.from({ length: seedsFor(budget, scenarios.length) }, (_, at) => options.seed + at)
  const trials = new Trials({ scenarios, space, play, budget })
  const now: Candidate = { settings: {}, values: [] }
  let cliffs: CliffsOfSetting[] | undefined
  let candidates: Candidate[] = []
  let best: Standing | undefined
  /** Without those of the cliffs: they have fewer seeds. */
  let compared: Standing[] | undefined
  let stopped: unknown
  let preference = preferenceOf(options, undefined)
  try {
    enter('present settings')
    await trials.play([now], seeds)
    preference = preferenceOf(options, trials.standing(now))
    enter('exploration')
    candidates = explored(options, trials, seeds.length)
    const [first] = await race(candidates, trials, { seeds, preference, keep: FINALISTS })
    if (first) {
      enter('refinement')
      const reach = Math.min(0.25, candidates.length ** (-1 / space.length))
      const reserve = Math.floor(FOR_CLIFFS * budget)
      best = await refine(first, trials, {
        space,
        seeds,
        preference,
        scenarios: scenarios.length,
        present: isIn(space, present) ? present : undefined,
        reach,
        reserve,
      })
      compared = trials.all()
      enter('cliffs')
      if (best.passes) cliffs = await cliffsOf(best, trials, { space, scenarios: scenarios.length, seeds })
    }
  } catch (error) {
    stopped = error
  }
  const tried = (compared ?? trials.all()).filter(({ values }) => values.length > 0)
  // Fewer seeds flatter: only those with the most are compared.
  const most = Math.max(0, ...tried.filter(({ passes }) => passes).map((each) => each.seeds))
  const whole = tried.filter((each) => each.seeds >= most)
  const refusals = candidates.flatMap((candidate) => trials.refusal(candidate) ?? [])
  return {
    seeds,
    trials: trials.played,
    present: trials.standing(now),
    best: best ?? whole.toSorted(byRank(preference))[0],
    front: frontOf(whole, preference),
    cliffs,
    candidates: trials.all().filter(({ values }) => values.length > 0),
    refused: { candidates: refusals.length, why: refusals[0] },
    stopped,
  }
}

/** Distances are measured in the space, where each range is as wide as another. */
function preferenceOf({ space, present, order }: SearchOptions, standing: Standing | undefined): Preference {
  const from = present && pointOf(space, present)
  return {
    order,
    present: standing?.scores,
    distance: (values) => (from ? Math.hypot(...values.map((value, axis) => placeOf(space[axis]!, value) - from[axis]!)) : 0),
  }
}

/** A power of two, as a race has rungs. */
export function seedsFor(budget: number, scenarios: number): number {
  let seeds = MOST_SEEDS
  while (seeds > 1 && TRIALS_A_SEED * seeds * scenarios > budget) seeds /= 2
  return seeds
}

const isIn = (space: Space, values: Values | undefined): values is Values =>
  values !== undefined && pointOf(space, values).every((place) => place >= 0 && place <= 1)

/** As many of Sobol's points as half of the budget can race, and the present settings where they lie in the space. */
function explored({ space, scenarios, present, budget, random }: SearchOptions, trials: Trials, seeds: number): Candidate[] {
  let points = 1
  while (raceCost(2 * points, seeds) * scenarios.length <= EXPLORED * budget) points *= 2
  const values = sobolPoints(space.length, points, random).map((point) => valuesAt(space, point))
  const all = isIn(space, present) ? [present, ...values] : values
  return [...new Map(all.map((each) => [JSON.stringify(each), trials.candidate(each)])).values()]
}
