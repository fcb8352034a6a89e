// A trial: one scenario with one candidate's settings and one seed. Plain data both ways, so that a thread, or a queue of jobs, can carry it.
import type { Result } from '../../criteria/finding/raw-finding.ts'
import type { Settings } from '../space/space.ts'
import type { Figures } from './figures.ts'

export interface Trial {
  /** The scenario's name. */
  scenario: string
  /** In place of the present ones. None: the present settings are tried. */
  settings: Settings
  seed: number
}

/** How far a criterion that decides is from its bound. */
export interface Margin {
  /** As a sentence. */
  criterion: string
  result: Result
  /** Relative to the bound, negative where violated; null where there is no distance, as for what must be all or none. */
  margin: number | null
  /** Why it did not pass. */
  why?: string
}

export type TrialResult =
  | { is: 'judged'; result: Result; figures: Figures; margins: Margin[] }
  /** These settings do not hold together, or the stage cannot play them. */
  | { is: 'refused'; why: string }

/** The same trial has the same key. */
export const keyOf = ({ scenario, settings, seed }: Trial): string => JSON.stringify([scenario, seed, settings])
