// Races candidates over more and more seeds. After each seed those that are surely worse are out; after 2, 4, 8 … seeds, the worse half.
//
//   64 candidates × 2 seeds ──▶ 32 × 4 ──▶ 16 × 8
//
// Successive halving: K. Jamieson and A. Talwalkar, AISTATS 2016. Racing: O. Maron and A. W. Moore, NIPS 1993. All have the same seeds, so
// that they are compared in the same arrivals and faults.
import { stepsOf } from './objectives.ts'
import { type Preference, byRank } from './ranking.ts'
import type { Candidate, Standing } from './standing.ts'
import type { Trials } from './trials.ts'

export interface RaceOptions {
  seeds: readonly number[]
  preference: Preference
  /** So many at least are tried with all seeds. */
  keep: number
}

/** Returns those that were tried with every seed, the best first. Rounds that the budget has not left are not begun. */
export async function race(
  candidates: readonly Candidate[],
  trials: Trials,
  { seeds, preference, keep }: RaceOptions,
): Promise<Standing[]> {
  let running = candidates
  const standings = (): Standing[] => running.flatMap((candidate) => trials.standing(candidate) ?? []).toSorted(byRank(preference))
  for (const [at, seed] of seeds.entries()) {
    if (trials.cost(running, [seed]) > trials.left) return at === 0 ? [] : standings()
    await trials.play(running, [seed])
    const ranked = standings()
    const inRace = ranked.filter((each) => !isSurelyWorse(each, ranked, { preference, keep }))
    running = isRung(at + 1) && at + 1 < seeds.length ? inRace.slice(0, Math.max(keep, Math.ceil(inRace.length / 2))) : inRace
  }
  return standings()
}

/** The trials that a race of so many candidates takes at most, in one scenario. */
export function raceCost(candidates: number, seeds: number): number {
  let running = candidates
  let cost = 0
  for (let at = 0; at < seeds; at++) {
    cost += running
    if (isRung(at + 1)) running = Math.ceil(running / 2)
  }
  return cost
}

/** One seed alone may flatter whole regions of the space. */
const isRung = (seeds: number): boolean => seeds > 1 && Number.isInteger(Math.log2(seeds))

// With fewer seeds, a mean difference says little of its error.
const SEEDS_TO_TELL = 4
// Of the standard error of a mean of four differences: Student's t beyond it has less than 2 % on its side.
const ERRORS = 4

/** Whether it cannot be among the best `keep` any more. `ranked`: all that run, the best first. */
function isSurelyWorse(standing: Standing, ranked: readonly Standing[], { preference, keep }: Omit<RaceOptions, 'seeds'>): boolean {
  // What failed once has failed.
  if (standing.failed > 0) return ranked.filter(({ failed }) => failed === 0).length >= keep
  const last = ranked[keep - 1]
  const [first] = preference.order
  if (last === undefined || first === undefined || last.failed > 0) return false
  const differences = standing.bySeed[first.name].flatMap((value, at) => {
    const other = last.bySeed[first.name][at]
    return other === undefined ? [] : [stepsOf(first, other) - stepsOf(first, value)]
  })
  if (differences.length < SEEDS_TO_TELL) return false
  const mean = differences.reduce((total, each) => total + each, 0) / differences.length
  const variance = differences.reduce((total, each) => total + (each - mean) ** 2, 0) / (differences.length - 1)
  return mean > Math.max(1, ERRORS * Math.sqrt(variance / differences.length))
}
