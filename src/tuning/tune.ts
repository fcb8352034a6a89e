// Tunes: searches a space of settings on the simulated stage, in threads, and keeps each trial as it ends.
//
//   space ──search──▶ trials ──log──▶ known already? ──no──▶ threads ──▶ log ──▶ search … ──▶ Tuned
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type Ms, realClock } from '../kernel/clock.ts'
import { GatecrashError } from '../kernel/errors.ts'
import { seededRandom } from '../kernel/random.ts'
import type { Plan } from '../plan/plan.ts'
import { type FoundScenario, planFound } from '../project/find-scenario.ts'
import type { Overrides } from '../scenario/planning/plan-gateway.ts'
import { type Calibration, defaultCalibration } from '../simulation/calibration/calibration.ts'
import { refuseUnmodelled } from '../simulation/refusals.ts'
import { type ObjectiveName, type Priority, priorities } from './search/objectives.ts'
import { type SearchStage, leastBudget, search, seedsFor } from './search/search.ts'
import type { PlayTrials } from './search/trials.ts'
import { checkSpace } from './space/check-space.ts'
import type { Space } from './space/space.ts'
import { type TrialLog, type TuningHead, beginTrialLog, cannotResume, resumeTrialLog } from './trial-log.ts'
import { type TuningPlanOptions, candidatePlan } from './trial/candidate-plan.ts'
import { judgedRequests } from './trial/figures.ts'
import { keyOf } from './trial/trial.ts'
import { type Tuned, presentValue, tunedOf } from './tuned.ts'
import { type TrialPool, startPool } from './workers/pool.ts'

export interface TuneOptions {
  scenarios: readonly FoundScenario[]
  space: Space
  /** Settings by path that every candidate has. */
  fixed: Overrides
  plan: Omit<TuningPlanOptions, 'overrides'>
  seed: number
  /** What counts first. */
  named: readonly ObjectiveName[]
  /** Trials in all, or the time that they may take. */
  budget: { trials: number } | { withinMs: Ms }
  workers: number
  calibration?: Calibration
  /** Where trials are kept. */
  folder: string
  /** Whether trials that are kept there are taken over. */
  resume: boolean
  signal: AbortSignal
  tell: (progress: TuningProgress) => void
}

export interface TuningProgress {
  stage: SearchStage
  played: number
  /** Undefined while it is being measured. */
  budget: number | undefined
  ratePerSecond: number
  leftMs: Ms | undefined
}

/** What is tuned, checked: everything that can be wrong with it was told before. */
export interface ReadyTuning extends TuneOptions {
  /** With the present settings, in the order of the scenarios. */
  plans: readonly Plan[]
  order: readonly Priority[]
}

export const trialsIn = (folder: string): string => join(folder, 'trials.ndjson')

/** @throws GatecrashError `invalid_scenario` for scenarios, settings and ranges that do not hold together, or cannot be simulated; `usage` for too small a budget */
export async function readyToTune(options: TuneOptions): Promise<ReadyTuning> {
  const { scenarios, space, fixed, budget, calibration = defaultCalibration } = options
  const least = leastBudget(scenarios.length)
  if ('trials' in budget && budget.trials < least)
    throw new GatecrashError('usage', `--trials ${budget.trials}: a search takes at least ${least} trials, 20 for each scenario`)
  const planOptions = { ...options.plan, overrides: fixed }
  const plans: Plan[] = []
  for (const found of scenarios) {
    const plan = await planFound(found, { ...planOptions, seed: options.seed, source: found.source })
    refuseUnmodelled(plan, calibration)
    checkSpace(space, found.source, (settings) => candidatePlan(found, { settings, seed: options.seed }, planOptions))
    plans.push(plan)
  }
  const requests = plans.reduce((total, plan) => total + judgedRequests(plan), 0)
  return { ...options, plans, order: priorities(options.named, requests) }
}

// The present settings are tried first. What they take is what all take; the rest of the time has some room.
const USED = 0.8

export async function tune(ready: ReadyTuning): Promise<Tuned> {
  const { scenarios, space, fixed, plans, seed, order, budget, workers, calibration, folder, resume, signal, tell } = ready
  const began = realClock.now()
  const log = (resume ? resumeTrialLog : beginTrialLog)(trialsIn(folder), headOf(ready))
  const deadline = new AbortController()
  const cancel = 'withinMs' in budget ? realClock.after(budget.withinMs, () => deadline.abort(new Error('the time is over'))) : () => {}
  const ending = AbortSignal.any([signal, deadline.signal])
  await using pool = await startPool(
    { files: scenarios.map(({ file }) => file), plan: { ...ready.plan, overrides: fixed }, calibration },
    { workers, signal: ending },
  )
  if (resume) await refuseOtherTree(log, pool, { folder, signal: ending })
  let stage: SearchStage = 'present settings'
  let trials = 'trials' in budget ? budget.trials : log.budget
  let fresh = 0
  const played = new Set<string>()
  const startedAt = realClock.now()
  const report = (): void => {
    const perMs = fresh / Math.max(1, realClock.now() - startedAt)
    const leftMs = trials !== undefined && perMs > 0 ? Math.max(0, trials - played.size) / perMs : undefined
    tell({ stage, played: played.size, budget: trials, ratePerSecond: perMs * 1000, leftMs })
  }
  const play: PlayTrials = async (batch) => {
    const unknown = batch.filter((trial) => log.known(trial) === undefined)
    for (const trial of batch) if (log.known(trial)) played.add(keyOf(trial))
    report()
    try {
      await pool.play(unknown, (trial, result) => {
        log.add(trial, result)
        played.add(keyOf(trial))
        fresh++
        report()
      })
    } catch (error) {
      if (!ending.aborted) throw error
    }
    return batch.map((trial) => log.known(trial))
  }
  try {
    trials ??= await affordable(scenarios, { seed, play, log, withinMs: 'withinMs' in budget ? budget.withinMs : 0, began })
    if (deadline.signal.aborted && trials === undefined)
      throw new GatecrashError('usage', 'the time was over before the present settings were tried; give more, such as --within 2m')
    const presentValues = space.map((range) => presentValue(range, plans))
    const found = await search({
      space,
      scenarios: plans.map(({ scenario }) => scenario),
      present: presentValues.every((value) => value !== null) ? presentValues : undefined,
      budget: trials ?? leastBudget(scenarios.length),
      seed,
      order,
      random: seededRandom(seed).stream('tuning'),
      play,
      enter(next) {
        stage = next
        report()
      },
    })
    if (found.stopped !== undefined && !ending.aborted) throw found.stopped
    const ended = found.stopped === undefined ? null : signal.aborted ? 'interrupted' : 'time'
    return tunedOf(found, { plans, settings: ready.plan.settings, fixed, space, order, ended })
  } finally {
    cancel()
  }
}

/** How many trials there is time for, by those of the present settings. Undefined where these were not all played. */
async function affordable(
  scenarios: TuneOptions['scenarios'],
  { seed, play, log, withinMs, began }: { seed: number; play: PlayTrials; log: TrialLog; withinMs: Ms; began: Ms },
): Promise<number | undefined> {
  const least = leastBudget(scenarios.length)
  const seeds = seedsFor(Number.POSITIVE_INFINITY, scenarios.length)
  const pilot = Array.from({ length: seeds }, (_, at) =>
    scenarios.map(({ scenario: { name } }) => ({ scenario: name, settings: {}, seed: seed + at })),
  )
  // Those of an interrupted tuning took no time now.
  const fresh = pilot.flat().filter((trial) => log.known(trial) === undefined).length
  const startedAt = realClock.now()
  if ((await play(pilot.flat())).includes(undefined)) return undefined
  const perMs = fresh / Math.max(1, realClock.now() - startedAt)
  const trials = Math.max(least, Math.floor(USED * perMs * Math.max(0, withinMs - (realClock.now() - began))))
  log.setBudget(trials)
  return trials
}

/** What a trial does follows from code too. So one of each scenario is played again. */
async function refuseOtherTree(log: TrialLog, pool: TrialPool, { folder, signal }: { folder: string; signal: AbortSignal }): Promise<void> {
  if (signal.aborted) return
  const samples = log.samples()
  const again: unknown[] = []
  const trials = samples.map(({ trial }) => trial)
  await pool
    .play(trials, (trial, result) => void (again[trials.indexOf(trial)] = result))
    .catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  const isOther = samples.some(
    ({ result }, at) => again[at] !== undefined && !isDeepStrictEqual(JSON.parse(JSON.stringify(again[at])), result),
  )
  if (isOther) throw cannotResume(trialsIn(folder), 'the same trial has another result now, as code changed since')
}

/** What trials follow from, as far as it is data. */
function headOf({ plans, space, fixed, seed, order, budget, calibration }: ReadyTuning): TuningHead {
  const digest = createHash('sha256')
    .update(JSON.stringify([plans, calibration ?? null]))
    .digest('hex')
  return { schemaVersion: 1, scenarios: plans.map(({ scenario }) => scenario), space, fixed, seed, order, budget, plans: digest }
}
