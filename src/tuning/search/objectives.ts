// What makes one candidate better than another, in the order in which it counts. Adding an objective takes its line here, and its figure
// in trial/figures.ts.
import { count, fixed, share, span } from '../../kernel/wording.ts'
import type { Figures } from '../trial/figures.ts'

export interface Objective {
  figure: keyof Figures
  words: string
  better: 'more' | 'less'
  /** What several scenarios of one seed make together. */
  among: 'least' | 'most' | 'mean' | 'sum'
  /** What several seeds make together: the worst of them, or their mean. */
  over: 'worst' | 'mean'
  /** Two values of the same step are as good as each other, and the next objective decides. */
  step: number
  show: (value: number) => string
}

export const objectives = {
  margin: {
    figure: 'margin',
    words: 'worst margin',
    better: 'more',
    among: 'least',
    over: 'worst',
    step: 0.01,
    show: (value) => `${value < 0 ? '−' : '+'}${fixed(Math.abs(value) * 100, 1)} %`,
  },
  'wasted-calls': {
    figure: 'wastedCalls',
    words: 'wasted calls',
    better: 'less',
    among: 'sum',
    over: 'mean',
    step: 1,
    show: (value) => (Number.isInteger(value) ? count(value) : fixed(value, 1)),
  },
  'lost-goodput': { figure: 'lostGoodput', words: 'lost goodput', better: 'less', among: 'mean', over: 'mean', step: 0.001, show: share },
  'false-trips': {
    figure: 'falseTrips',
    words: 'false trips',
    better: 'less',
    among: 'sum',
    over: 'mean',
    step: 0.05,
    show: (value) => fixed(value, Number.isInteger(value) ? 0 : 2),
  },
  'time-to-recover': { figure: 'recoveryMs', words: 'time to recover', better: 'less', among: 'most', over: 'mean', step: 50, show: span },
} as const satisfies Record<string, Objective>

export type ObjectiveName = keyof typeof objectives
export const objectiveNames = Object.keys(objectives) as ObjectiveName[]

/** Of each objective. */
export type Scores = Record<ObjectiveName, number>

/** All objectives: the named ones first, then the others as they stand in the table. */
export const inOrder = (first: readonly ObjectiveName[]): ObjectiveName[] => [...new Set([...first, ...objectiveNames])]

/** An objective as its contract has it. */
export const objectiveOf = (name: ObjectiveName): Objective => objectives[name]

/** In steps, the more the better: two candidates of one number are as good as each other. */
export const stepsOf = (name: ObjectiveName, value: number): number => {
  const { step, better } = objectiveOf(name)
  return Math.round(value / step) * (better === 'more' ? 1 : -1) + 0
}
