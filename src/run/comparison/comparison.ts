// Two runs of one scenario, held against each other: what got better, what got worse, and what differs by no more than chance and a
// tolerance explain. The bounds are those that the judge uses.
//
//   before, now ──▶ comparable? ──▶ criteria: their results   ──▶ worse │ better │ within noise │ untold
//                       │           figures: phase × upstream ──▶
//                       └──▶ why not
import type { JudgedRun } from '../judged-run.ts'
import type { Change } from './change.ts'
import { changedOnPurpose } from './changed-on-purpose.ts'
import { whyIncomparable } from './comparable.ts'
import { type CriterionChange, criterionChanges } from './criterion-changes.ts'
import { type FigureChange, figureChanges } from './figure-changes.ts'

/** What names a run. */
export interface ComparedRun {
  startedAt: string
  seed: number
  result: JudgedRun['verdict']['result']
}

export interface Comparison {
  scenario: string
  before: ComparedRun
  now: ComparedRun
  /** Why the two cannot be compared; empty where they can. The lists below are empty otherwise. */
  incomparable: string[]
  /** What somebody changed between the runs: settings, the commit, the command of the gateway. */
  changed: string[]
  criteria: CriterionChange[]
  figures: FigureChange[]
  /** `worse` where anything that decides is; else `untold` where something may be; else `better` where anything is. */
  result: Change | 'incomparable'
}

export function compareRuns(before: JudgedRun, now: JudgedRun): Comparison {
  const incomparable = whyIncomparable(before, now)
  const names = {
    scenario: now.record.plan.scenario,
    before: nameOf(before),
    now: nameOf(now),
    changed: changedOnPurpose(before.record, now.record),
  }
  if (incomparable.length > 0) return { ...names, incomparable, criteria: [], figures: [], result: 'incomparable' }
  const criteria = criterionChanges(before.verdict, now.verdict)
  const figures = figureChanges(before, now)
  const all = new Set([...criteria.filter(({ decides }) => decides), ...figures].map(({ change }) => change))
  const result = (['worse', 'untold', 'better'] as const).find((each) => all.has(each)) ?? 'within_noise'
  return { ...names, incomparable, criteria, figures, result }
}

const nameOf = ({ record, verdict }: JudgedRun): ComparedRun => ({ startedAt: record.startedAt, seed: record.seed, result: verdict.result })
