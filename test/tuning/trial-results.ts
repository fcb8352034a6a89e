// Results of trials, written by hand.
import type { Figures } from '../../src/tuning/trial/figures.ts'
import type { Margin, TrialResult } from '../../src/tuning/trial/trial.ts'

const nothingLost: Figures = { margin: 0.5, wastedCalls: 0, lostGoodput: 0, falseTrips: 0, recoveryMs: 0 }

export const passed = (figures: Partial<Figures> = {}): TrialResult => {
  const all = { ...nothingLost, ...figures }
  return { is: 'judged', result: 'pass', figures: all, margins: [{ criterion: 'all is well', result: 'pass', margin: all.margin }] }
}

export const failed = (criterion: string, figures: Partial<Figures> = {}): TrialResult => {
  const margin: Margin = { criterion, result: 'fail', margin: -0.5, why: 'it was not met' }
  return { is: 'judged', result: 'fail', figures: { ...nothingLost, margin: -0.5, ...figures }, margins: [margin] }
}

export const undecided = (criterion: string): TrialResult => {
  const margin: Margin = { criterion, result: 'inconclusive', margin: null, why: 'too few' }
  return { is: 'judged', result: 'inconclusive', figures: { ...nothingLost, margin: 1 }, margins: [margin] }
}
