// A candidate with all that its trials showed, over scenarios and seeds.
import type { Result } from '../../criteria/finding/raw-finding.ts'
import type { Settings, Values } from '../space/space.ts'
import type { Trial, TrialResult } from '../trial/trial.ts'
import { type ObjectiveName, type Scores, objectiveNames, objectiveOf } from './objectives.ts'

export interface PlayedTrial {
  trial: Trial
  result: TrialResult
}

/** A criterion that stands in a candidate's way. */
export interface Obstacle {
  scenario: string
  criterion: string
  result: Exclude<Result, 'pass'>
  why: string
  /** In so many trials. */
  trials: number
}

/** What a candidate is: its settings, and their values in the order of the space. */
export interface Candidate {
  settings: Settings
  /** Empty for the present settings. */
  values: Values
}

export interface Standing extends Candidate {
  /** Seeds that it was tried with, each in all scenarios. */
  seeds: number
  trials: number
  passed: number
  failed: number
  /** No trial fails, and most pass. */
  passes: boolean
  /** Criteria that did not pass, on average over the trials. Candidates that do not pass are told apart by it. */
  unmet: number
  scores: Scores
  /** The same for each seed alone, in the order in which they were tried. */
  bySeed: Record<ObjectiveName, number[]>
  /** The one of most trials first. */
  obstacles: Obstacle[]
  /** The criterion that has the least margin. */
  tightest: { scenario: string; criterion: string; margin: number } | null
}

/**
 * A run that keeps every promise is inconclusive now and then, for want of samples. With so many of the trials passed and none failed, the
 * candidate passes.
 */
const PASSED = 0.75

/** Whether one with this standing can still pass, where it is tried in so many trials in all. */
export const canPass = ({ passed, failed, trials }: Standing, inAll: number): boolean =>
  failed === 0 && passed + inAll - trials >= PASSED * inAll

/** A candidate that holds together and was tried in at least one trial; undefined for any other. */
export function standingOf({ settings, values }: Candidate, played: readonly PlayedTrial[]): Standing | undefined {
  const judged = played.flatMap(({ trial, result }) => (result.is === 'judged' ? [{ trial, result }] : []))
  if (judged.length === 0 || judged.length < played.length) return undefined
  const count = (result: Result): number => judged.filter((each) => each.result.result === result).length
  const seeds = [...new Set(judged.map(({ trial }) => trial.seed))]
  const ofSeeds = (name: ObjectiveName): number[] =>
    seeds.map((seed) => {
      const { figure, among } = objectiveOf(name)
      return rounded(together[among](judged.filter(({ trial }) => trial.seed === seed).map(({ result }) => result.figures[figure])))
    })
  const ofEach = <Value>(value: (name: ObjectiveName) => Value) =>
    // Object.fromEntries forgets the names, which are the table's.
    Object.fromEntries(objectiveNames.map((name) => [name, value(name)])) as Record<ObjectiveName, Value>
  const unmet = judged.reduce((total, { result }) => total + result.margins.filter((each) => each.result !== 'pass').length, 0)
  return {
    settings,
    values,
    seeds: seeds.length,
    trials: judged.length,
    passed: count('pass'),
    failed: count('fail'),
    passes: count('fail') === 0 && count('pass') >= PASSED * judged.length,
    unmet: unmet / judged.length,
    scores: ofEach((name) => rounded(overSeeds(name, ofSeeds(name)))),
    bySeed: ofEach(ofSeeds),
    obstacles: obstaclesOf(judged),
    tightest: tightestOf(judged),
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const together = {
  least: (values: readonly number[]): number => Math.min(...values),
  most: (values: readonly number[]): number => Math.max(...values),
  mean: (values: readonly number[]): number => sum(values) / values.length,
  sum,
}

function overSeeds(name: ObjectiveName, values: readonly number[]): number {
  const { over, better } = objectiveOf(name)
  return over === 'mean' ? together.mean(values) : better === 'more' ? together.least(values) : together.most(values)
}

type Judged = { trial: Trial; result: TrialResult & { is: 'judged' } }

function obstaclesOf(judged: readonly Judged[]): Obstacle[] {
  const found = new Map<string, Obstacle>()
  for (const { trial, result } of judged)
    for (const { criterion, result: how, why = '' } of result.margins) {
      if (how === 'pass') continue
      const key = JSON.stringify([trial.scenario, criterion])
      const known = found.get(key)
      if (known) {
        known.trials++
        // What failed is told as it failed.
        if (how === 'fail' && known.result !== 'fail') Object.assign(known, { result: how, why })
      } else found.set(key, { scenario: trial.scenario, criterion, result: how, why, trials: 1 })
    }
  const rank = ({ result }: Obstacle): number => (result === 'fail' ? 0 : 1)
  return [...found.values()].toSorted((a, b) => rank(a) - rank(b) || b.trials - a.trials)
}

function tightestOf(judged: readonly Judged[]): Standing['tightest'] {
  let tightest: Standing['tightest'] = null
  for (const { trial, result } of judged)
    for (const { criterion, margin } of result.margins)
      if (margin !== null && (tightest === null || margin < tightest.margin)) tightest = { scenario: trial.scenario, criterion, margin }
  return tightest
}

/** Free of the noise of adding up in floating point. */
const rounded = (value: number): number => Number(value.toFixed(9)) + 0
