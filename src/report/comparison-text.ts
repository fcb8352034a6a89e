// A comparison in words, for the page and the terminal alike.
import { plural } from '../kernel/wording.ts'
import type { Change } from '../run/comparison/change.ts'
import type { Comparison } from '../run/comparison/comparison.ts'
import type { CriterionChange } from '../run/comparison/criterion-changes.ts'
import type { FigureChange } from '../run/comparison/figure-changes.ts'
import { figure } from './format.ts'
import { marks } from './result-marks.ts'

export const changeWords: Record<Change, string> = {
  worse: 'worse',
  untold: 'cannot be told',
  better: 'better',
  within_noise: 'within noise',
  too_few: 'too few samples to tell',
}

/** "2 of 31 are worse, 1 is better, 28 are within noise." */
export function countsText({ criteria, figures }: Comparison): string {
  const all = [...criteria, ...figures].map(({ change }) => change)
  const parts = (Object.keys(changeWords) as Change[]).flatMap((change) => {
    const count = all.filter((each) => each === change).length
    return count > 0 ? [`${count} ${changeWords[change]}`] : []
  })
  return `Of ${plural(criteria.length, 'criterion', 'criteria')} and ${plural(figures.length, 'figure')}: ${parts.join(', ')}.`
}

/** One line of what changed: its name, then and now. */
export interface ChangeLine {
  name: string
  change: Change
  before: string
  now: string
}

/** What is no longer as it was, worse first. */
export function changeLines({ criteria, figures }: Comparison): ChangeLine[] {
  const lines = [...criteria.map(criterionLine), ...figures.map(figureLine)]
  return (['worse', 'untold', 'better'] as const).flatMap((change) => lines.filter((line) => line.change === change))
}

function criterionLine({ id, sentence, change, before, now, decides }: CriterionChange): ChangeLine {
  const told = ({ result, measured, unit }: CriterionChange['now']): string => `${marks[result].word}, ${figure(measured, unit)}`
  return { name: `${id} ${sentence}${decides ? '' : ' (warns only)'}`, change, before: told(before), now: told(now) }
}

function figureLine({ phase, upstream, figure: name, unit, change, before, now }: FigureChange): ChangeLine {
  const of = upstream === null ? '' : `${upstream} `
  return { name: `${of}${figureNames[name]} in ${phase}`, change, before: figure(before, unit), now: figure(now, unit) }
}

const figureNames: Record<FigureChange['figure'], string> = {
  p50: 'p50 of ok',
  p95: 'p95 of ok',
  errors: 'errors',
  fallbacks: 'fallbacks',
  attempts: 'attempts each',
}
