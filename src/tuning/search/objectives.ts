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
  /** Two values of the same step are as good as each other, and the next objective decides: where it was asked for by name. */
  step: number
  /** The same where it was not: a smaller gain is no reason to give up much of what counts next. `requests`: of one seed. */
  material: (requests: number) => number
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
    material: () => 0.01,
    show: (value) => `${value < 0 ? '−' : '+'}${fixed(Math.abs(value) * 100, 1)} %`,
  },
  'wasted-calls': {
    figure: 'wastedCalls',
    words: 'wasted calls',
    better: 'less',
    among: 'sum',
    over: 'mean',
    step: 1,
    material: (requests) => Math.max(1, Math.round(0.005 * requests)),
    show: (value) => (Number.isInteger(value) ? count(value) : fixed(value, 1)),
  },
  'lost-goodput': {
    figure: 'lostGoodput',
    words: 'lost goodput',
    better: 'less',
    among: 'mean',
    over: 'mean',
    step: 0.001,
    material: () => 0.005,
    show: share,
  },
  'false-trips': {
    figure: 'falseTrips',
    words: 'false trips',
    better: 'less',
    among: 'sum',
    over: 'mean',
    step: 0.05,
    material: () => 0.05,
    show: (value) => fixed(value, Number.isInteger(value) ? 0 : 2),
  },
  'time-to-recover': {
    figure: 'recoveryMs',
    words: 'time to recover',
    better: 'less',
    among: 'most',
    over: 'mean',
    step: 50,
    material: () => 1000,
    show: span,
  },
} as const satisfies Record<string, Objective>

export type ObjectiveName = keyof typeof objectives
export const objectiveNames = Object.keys(objectives) as ObjectiveName[]

/** Of each objective. */
export type Scores = Record<ObjectiveName, number>

/** An objective in its place among all. Two values of the same step are as good as each other. */
export interface Priority {
  name: ObjectiveName
  step: number
}

/** All objectives: the named ones first, then the others as they stand in the table. `requests`: of one seed, in all scenarios. */
export function priorities(named: readonly ObjectiveName[], requests: number): Priority[] {
  const others = objectiveNames.filter((name) => !named.includes(name))
  return [
    ...[...new Set(named)].map((name) => ({ name, step: objectives[name].step })),
    ...others.map((name) => ({ name, step: objectives[name].material(requests) })),
  ]
}

/** An objective as its contract has it. */
export const objectiveOf = (name: ObjectiveName): Objective => objectives[name]

/**
 * In whole steps from a value, the more the better: two candidates of one number are as good as each other. What is less than a step from
 * it, to either side, is as good as it.
 */
export const stepsOf = ({ name, step }: Priority, value: number, from = 0): number =>
  Math.trunc(rounded((value - from) / step)) * (objectiveOf(name).better === 'more' ? 1 : -1) + 0

/** Free of the noise of floating point. */
const rounded = (value: number): number => Number(value.toFixed(6))
