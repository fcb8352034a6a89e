// Looks at the ends of each range before anything is played: a name that is unknown, a value that is not accepted, a unit that is missing.
import { GatecrashError, type Problem, problemsError } from '../../kernel/errors.ts'
import type { SettingRange, SettingValue } from './setting-range.ts'
import { written } from './setting-range.ts'
import type { Space } from './space.ts'

/** Plans with these settings in place of the present ones. It throws what planning throws. */
export type TryPlan = (settings: Readonly<Record<string, SettingValue>>) => unknown

/** @throws GatecrashError `invalid_scenario` with every range that cannot be searched */
export function checkSpace(space: Space, source: string, tryPlan: TryPlan): void {
  const problems = space.flatMap((range) => problemsOf(range, space, tryPlan))
  if (problems.length > 0) throw problemsError('invalid_scenario', source, problems)
}

function problemsOf(range: SettingRange, space: Space, tryPlan: TryPlan): Problem[] {
  const { path, kind, low, high } = range
  const wrongWith = (value: SettingValue): Problem[] => refusedAt(path, () => tryPlan({ [path]: value }))
  const ends = [low, high].map((value) => wrongWith(written(range, value)))
  const wrong = ends.filter((problems) => problems.length > 0)
  // What one end does not go with may be another setting of the same policy, which is searched too.
  if (wrong.length === ends.length || (wrong.length > 0 && !hasNeighbour(path, space))) return wrong[0]!
  if (kind !== 'time' && wrongWith(`${Math.max(1, low)}ms`).length === 0)
    return [
      { path: `--set ${path}`, message: `is a span of time: write its range with units, such as ${low}s..${high}s, got "${low}..${high}"` },
    ]
  return []
}

const policyOf = (path: string): string => path.split('.').slice(0, 2).join('.')
const hasNeighbour = (path: string, space: Space): boolean =>
  space.some((other) => other.path !== path && policyOf(other.path) === policyOf(path))

// Where planning sees a candidate's setting. Its range was given by --set.
const CANDIDATE = '--candidate '

/** The problems that planning has with this very setting. With others it has them for another reason, or another candidate has them not. */
function refusedAt(path: string, plan: () => unknown): Problem[] {
  try {
    plan()
    return []
  } catch (error) {
    const problems = error instanceof GatecrashError ? (error.data['problems'] as readonly Problem[] | undefined) : undefined
    if (problems === undefined) throw error
    const place = `${CANDIDATE}${path}.`
    return problems
      .filter((problem) => place.startsWith(`${problem.path}.`) || problem.path.startsWith(place))
      .map((problem) => ({ path: problem.path.replace(CANDIDATE, '--set '), message: problem.message }))
  }
}
