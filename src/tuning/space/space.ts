// The space that is searched: a range for each setting. A candidate is a point of it.
//
//   point (0–1 for each setting) ──settingsAt──▶ values ──written──▶ { 'gemini.breaker.recovery': '5.3s' }
import { GatecrashError } from '../../kernel/errors.ts'
import type { Overrides } from '../../scenario/planning/plan-gateway.ts'
import { type SettingRange, type SettingValue, isRange, parseRange, placeOf, valueAt, written } from './setting-range.ts'
import { MOST_DIMENSIONS } from './sobol.ts'

export type Space = readonly SettingRange[]
/** One value for each range of the space, in its order; times are milliseconds. */
export type Values = readonly number[]
/** A candidate's settings by path, as they are written. */
export type Settings = Readonly<Record<string, SettingValue>>

/**
 * Parts what was given by path into ranges, which are searched, and values, which every candidate has.
 * @throws GatecrashError `usage` for a range that is none, for no range at all, and for more than can be searched at once
 */
export function spaceOf(given: Overrides): { space: Space; fixed: Overrides } {
  const entries = Object.entries(given)
  const wrong: string[] = []
  const space = entries.flatMap(([path, value]) => {
    try {
      return isRange(value) ? [parseRange(path, value)] : []
    } catch (error) {
      if (!(error instanceof GatecrashError)) throw error
      wrong.push(error.message)
      return []
    }
  })
  if (wrong.length > 0) throw new GatecrashError('usage', wrong.join('\n'))
  if (space.length === 0) throw nothingToTune(entries)
  if (space.length > MOST_DIMENSIONS)
    throw new GatecrashError('usage', `${space.length} settings have a range, and at most ${MOST_DIMENSIONS} can be tuned at once`)
  return { space, fixed: Object.fromEntries(entries.filter(([, value]) => !isRange(value))) }
}

function nothingToTune(entries: readonly (readonly [string, unknown])[]): GatecrashError {
  const values = entries.map(([path, value]) => `${path} has the value ${JSON.stringify(value) ?? 'none'}`)
  const told = values.length === 0 ? '' : `${values.join(', ')}, which is no range; `
  return new GatecrashError(
    'usage',
    `nothing to tune: ${told}give at least one setting a range, such as --set gemini.breaker.failures=3..20`,
  )
}

/** The values at a point of the unit cube. */
export const valuesAt = (space: Space, point: readonly number[]): Values => space.map((range, at) => valueAt(range, point[at] ?? 0))

/** Where these values lie in the unit cube. */
export const pointOf = (space: Space, values: Values): number[] => space.map((range, at) => placeOf(range, values[at]!))

export const settingsOf = (space: Space, values: Values): Settings =>
  Object.fromEntries(space.map((range, at) => [range.path, written(range, values[at]!)]))
