// How far each setting of a candidate may be moved until a criterion is not met any more, while the others stay as they are.
//
//   low ├──·──·──✗──·──●──·──·──·──┤ high      first a few values on each side, outwards; then halves between the last that passes
//             cliff ┘                            and the first that does not
import { placeOf, valueAt } from '../space/setting-range.ts'
import type { Space } from '../space/space.ts'
import { type Scores, type ObjectiveName, objectiveNames } from './objectives.ts'
import { type Candidate, type Obstacle, type Standing, canPass } from './standing.ts'
import type { Trials } from './trials.ts'

export interface Cliff {
  /** The nearest value that does not pass. Times are milliseconds. */
  at: number
  /** The farthest value towards it that passes. */
  lastPassing: number
  /** What is not met there. */
  obstacle?: Obstacle
  /** Why the value cannot be tried: it does not go with the other settings, or the story is too short for it. */
  refused?: string
}

/** One value of the setting, with the others as recommended. */
export interface ProfilePoint {
  value: number
  passes: boolean
  scores: Scores
}

export interface CliffsOfSetting {
  path: string
  at: number
  /** Null: every value that was tried up to this end of the range passes. */
  below: Cliff | null
  above: Cliff | null
  /** So many seeds make the scores of the profile; a value that these leave undecided was tried with more. */
  seeds: number
  /** By value. */
  profile: ProfilePoint[]
  /** Of each objective: its least and its most over the values that pass. */
  range: Record<ObjectiveName, { least: number; most: number }>
}

/** How closely it is looked, from the best on: values on each side, each with so many seeds. */
const EFFORTS = [
  [6, 4],
  [6, 2],
  [4, 2],
  [4, 1],
  [2, 1],
] as const
/** The share of the trials that are left with which the first values are tried. The others are for those between. */
const SCANNED = 0.7
// Halvings: a cliff is told to a hundredth of the distance scanned.
const HALVINGS = 7

interface Side {
  axis: number
  /** From the candidate's own value outwards; then with those between. */
  tried: number[]
  passing: number
  failing: number | undefined
}

/** Undefined where the budget does not allow it. `seeds`: the candidate passes with each of them. */
export async function cliffsOf(
  best: Standing,
  trials: Trials,
  { space, scenarios, seeds: all }: { space: Space; scenarios: number; seeds: readonly number[] },
): Promise<CliffsOfSetting[] | undefined> {
  const effort = EFFORTS.find(
    ([values, each]) => 2 * space.length * values * Math.min(each, all.length) * scenarios <= SCANNED * trials.left,
  )
  if (effort === undefined) return undefined
  const [scanned, most] = effort
  const seeds = all.slice(0, most)
  const moved = (axis: number, value: number): Candidate => trials.candidate(best.values.map((own, at) => (at === axis ? value : own)))
  const passes = (axis: number, value: number): boolean => trials.standing(moved(axis, value))?.passes ?? false
  /** Whether it may still pass, as the recommended one does: with all seeds. */
  const isOpen = (candidate: Candidate): boolean => {
    const standing = trials.standing(candidate)
    return standing !== undefined && canPass(standing, all.length * scenarios)
  }
  /** One seed after the other: one that fails decides. What is undecided by these gets the others, as far as the budget goes. */
  const tryAll = async (wanted: readonly Candidate[]): Promise<boolean> => {
    let running = wanted
    for (const [at, seed] of all.entries()) {
      if (at >= most) running = running.filter((candidate) => trials.standing(candidate)?.passes === false)
      if (trials.cost(running, [seed]) > trials.left) return at >= most
      await trials.play(running, [seed])
      running = running.filter(isOpen)
    }
    return true
  }
  const sides = space.flatMap((_, axis) => [0, 1].map((end) => sideOf(space, axis, best.values[axis]!, { end, scanned })))
  if (!(await tryAll(sides.flatMap(({ axis, tried }) => tried.map((value) => moved(axis, value)))))) return undefined
  for (const side of sides) {
    const at = side.tried.findIndex((value) => !passes(side.axis, value))
    side.failing = side.tried[at]
    side.passing = (at < 0 ? side.tried.at(-1) : side.tried[at - 1]) ?? side.passing
  }
  for (let halving = 0; halving < HALVINGS; halving++) {
    const open = sides.flatMap((side) => {
      const middle = middleOf(space, side)
      return middle === undefined ? [] : [{ side, middle }]
    })
    if (!(await tryAll(open.map(({ side, middle }) => moved(side.axis, middle))))) break
    for (const { side, middle } of open) {
      side.tried.push(middle)
      if (passes(side.axis, middle)) side.passing = middle
      else side.failing = middle
    }
  }
  return space.map(({ path }, axis) => {
    const [below, above] = sides.filter((side) => side.axis === axis)
    const own = best.values[axis]!
    const points = [own, ...below!.tried, ...above!.tried].flatMap((value): ProfilePoint[] => {
      // More seeds have a lower worst one: scores are compared over the same.
      const alike = trials.standing(moved(axis, value), seeds)
      return alike ? [{ value, passes: passes(axis, value), scores: alike.scores }] : []
    })
    const profile = points.toSorted((a, b) => a.value - b.value)
    return { path, at: own, below: cliffOf(below!), above: cliffOf(above!), seeds: seeds.length, profile, range: rangeOf(profile) }
  })

  function cliffOf({ axis, passing, failing }: Side): Cliff | null {
    if (failing === undefined) return null
    const [obstacle] = trials.standing(moved(axis, failing))?.obstacles ?? []
    const refused = trials.refusal(moved(axis, failing))
    return { at: failing, lastPassing: passing, ...(obstacle && { obstacle }), ...(refused !== undefined && { refused }) }
  }
}

/** Values from the candidate's own to the end of the range, each once. */
function sideOf(space: Space, axis: number, own: number, { end, scanned }: { end: number; scanned: number }): Side {
  const range = space[axis]!
  const from = placeOf(range, own)
  const values = Array.from({ length: scanned }, (_, at) => valueAt(range, from + ((end - from) * (at + 1)) / scanned))
  return { axis, tried: [...new Set(values)].filter((value) => value !== own), passing: own, failing: undefined }
}

/** Undefined where nothing lies between. */
function middleOf(space: Space, { axis, passing, failing }: Side): number | undefined {
  if (failing === undefined) return undefined
  const range = space[axis]!
  const middle = valueAt(range, (placeOf(range, passing) + placeOf(range, failing)) / 2)
  return middle === passing || middle === failing ? undefined : middle
}

function rangeOf(profile: readonly ProfilePoint[]): CliffsOfSetting['range'] {
  const passing = profile.filter(({ passes }) => passes)
  const ends = (name: ObjectiveName) => {
    const values = passing.map(({ scores }) => scores[name])
    return { least: Math.min(...values), most: Math.max(...values) }
  }
  // Object.fromEntries forgets the names, which are the table's.
  return Object.fromEntries(objectiveNames.map((name) => [name, ends(name)])) as CliffsOfSetting['range']
}
