// What a tuning found, in words that the terminal and the page share.
import type { Result } from '../../criteria/finding/raw-finding.ts'
import { plural } from '../../kernel/wording.ts'
import type { Cliff } from '../../tuning/search/cliffs.ts'
import { type ObjectiveName, objectiveOf } from '../../tuning/search/objectives.ts'
import type { Standing } from '../../tuning/search/standing.ts'
import { type SettingRange, placeOf, written } from '../../tuning/space/setting-range.ts'
import type { Tuned } from '../../tuning/tuned.ts'
import { NOTHING } from '../format.ts'
import { oneLine } from '../plain-text.ts'

/** A value as it is set: `11`, `5.3s`. */
export const settingText = (range: SettingRange, value: number | null | undefined): string =>
  value === null || value === undefined ? NOTHING : String(written(range, value))

export const scoreText = (name: ObjectiveName, standing: Standing | null): string =>
  standing === null ? NOTHING : objectiveOf(name).show(standing.scores[name])

/** "20.1 % to 31 %": the least and the most of all seeds. */
export function spreadText(name: ObjectiveName, standing: Standing): string {
  const values = standing.bySeed[name]
  const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => objectiveOf(name).show(value))
  return least === most ? `${least}` : `${least} to ${most}`
}

/** "10, 9 % away"; where no value fails: "none up to 20". What did not fail there is told. */
export function cliffText(range: SettingRange, at: number, cliff: Cliff | null, side: 'below' | 'above'): string {
  if (cliff === null) return `none ${side === 'below' ? 'down' : 'up'} to ${settingText(range, side === 'below' ? range.low : range.high)}`
  const distance = at === 0 ? '' : `, ${Math.round((100 * Math.abs(cliff.at - at)) / Math.abs(at))} % away`
  const how = cliff.refused !== undefined ? ' (cannot be tried)' : cliff.obstacle?.result === 'inconclusive' ? ' (undecided)' : ''
  return `${settingText(range, cliff.at)}${distance}${how}`
}

/** Why a value beyond the cliff is no good; null where there is no cliff. */
export function cliffReason(cliff: Cliff | null): string | null {
  if (cliff === null) return null
  const { obstacle, refused } = cliff
  if (obstacle) return `${obstacle.criterion}: ${obstacle.why}`
  return refused === undefined ? null : `it cannot be tried here: ${refusalText(refused)}`
}

/** The problems alone, without the line that says where they stand. */
export const refusalText = (why: string): string => {
  const [first = '', ...lines] = why.split('\n')
  return oneLine(lines.length === 0 ? first : lines.join('; '), 600)
}

export const effortText = ({ trials, seeds, scenarios }: Tuned): string =>
  [plural(trials, 'trial'), plural(seeds.length, 'seed'), ...(scenarios.length > 1 ? [plural(scenarios.length, 'scenario')] : [])].join(
    ', ',
  )

/** What counted, and how much more or less than the present settings have is worth a change. */
export const orderText = ({ order, steps }: Tuned): string =>
  `by ${order.map((name) => `${objectiveOf(name).words} (${objectiveOf(name).show(steps[name]).replace(/^\+/, '')})`).join(', ')}, in this order. ` +
  'What differs from the present settings by less than in brackets is as good as they are, and of two as good as each other the nearer ' +
  'to them is recommended'

/** What came of it, as a result and in a word. Settings that are not better by what counts are not recommended. */
export function conclusionOf({ recommended, nearest, presentValues }: Tuned): { result: Result; word: string } {
  if (recommended === null)
    return nearest === null ? { result: 'inconclusive', word: 'NOTHING WAS TRIED' } : { result: 'fail', word: 'NO SETTING PASSES' }
  const isPresent = recommended.values.every((value, at) => value === presentValues[at])
  return { result: 'pass', word: isPresent ? 'KEEP THE PRESENT SETTINGS' : 'RECOMMENDED' }
}

/** Of a setting, how much each objective changes over the values that pass; only those that change. */
export function sensitivityText({ cliffs, order }: Tuned, axis: number): string {
  const range = cliffs?.[axis]?.range
  if (!range) return NOTHING
  const changes = order.flatMap((name) => {
    const { show, words, step } = objectiveOf(name)
    const { least, most } = range[name]
    return most - least > step ? [`${words} ${show(least)} to ${show(most)}`] : []
  })
  return changes.length === 0 ? 'changes nothing while it passes' : changes.join(', ')
}

/** Whether a setting lies at the end of its range, where a better value may be outside of it. */
export function isAtEnd(range: SettingRange, value: number): boolean {
  const place = placeOf(range, value)
  return place <= 0.001 || place >= 0.999
}
