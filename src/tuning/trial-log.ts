// The trials of a tuning, kept as they end: `trials.ndjson`. A tuning that was interrupted is played again from its beginning, and what is
// known is not played twice; so it ends as if it had never been interrupted.
//
//   { "schemaVersion": 1, … what is tuned … }
//   { "budget": 600 }                                    where it was found by the time that there was
//   { "trial": { … }, "result": { … } }
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import { GatecrashError } from '../kernel/errors.ts'
import { type Trial, type TrialResult, keyOf } from './trial/trial.ts'

/** What a tuning is about, and how a difference in it is told: only trials of the same are taken over. */
const headWords = {
  schemaVersion: 'another version of Gatecrash',
  scenarios: 'other scenarios',
  space: 'other ranges',
  fixed: 'other settings that every candidate has',
  seed: 'another --seed',
  order: 'another --for',
  budget: 'another --trials or --within',
  plans: 'scenarios, present settings or a calibration that changed since',
} as const

/** Plain data. */
export type TuningHead = Readonly<Record<keyof typeof headWords, unknown>>

export interface TrialLog {
  known(trial: Trial): TrialResult | undefined
  add(trial: Trial, result: TrialResult): void
  /** Trials in all, where it is known already. */
  readonly budget: number | undefined
  setBudget(trials: number): void
  /** The last trial of each scenario, with its result. */
  samples(): { trial: Trial; result: TrialResult }[]
}

// Written by the same version of this file: what it holds is looked at only as far as a file that was cut or mixed up can be told.
const line = z.looseObject({
  trial: z.looseObject({ scenario: z.string(), settings: z.record(z.string(), z.unknown()), seed: z.number() }),
  result: z.looseObject({ is: z.enum(['judged', 'refused']) }),
})

const budgetLine = z.looseObject({ budget: z.int().min(1) })

/** Begins a log in place of what was there. */
export function beginTrialLog(path: string, head: TuningHead): TrialLog {
  writeFileSync(path, `${JSON.stringify(head)}\n`)
  return logOn(path, new Map(), undefined)
}

/** @throws GatecrashError `usage` where there is no log, or one of another tuning: with what differs */
export function resumeTrialLog(path: string, head: TuningHead): TrialLog {
  if (!existsSync(path)) throw new GatecrashError('usage', `there is nothing to resume: no ${path}; leave out --resume`)
  const [first = '', ...lines] = readFileSync(path, 'utf8').split('\n')
  const before = parsed(first)
  // As it comes back from a file.
  const now = JSON.parse(JSON.stringify(head)) as TuningHead
  // Object.keys forgets the names, which are the table's.
  const names = Object.keys(headWords) as (keyof typeof headWords)[]
  const changed = names.filter((name) => !isDeepStrictEqual(before?.[name], now[name]))
  if (changed.length > 0) throw cannotResume(path, changed.map((name) => headWords[name]).join(', '))
  const known: Known = new Map()
  let budget: number | undefined
  for (const text of lines) {
    // The last line of a process that was killed may be half a line.
    const value = parsed(text)
    budget ??= budgetLine.safeParse(value).data?.budget
    const { data } = line.safeParse(value)
    if (!data) continue
    const trial = data.trial as unknown as Trial
    known.set(keyOf(trial), { trial, result: data.result as unknown as TrialResult })
  }
  // A line of its own for what follows half a line.
  if (lines.at(-1) !== '') appendFileSync(path, '\n')
  return logOn(path, known, budget)
}

export const cannotResume = (path: string, why: string): GatecrashError =>
  new GatecrashError('usage', `${path} is of another tuning, and cannot be resumed: ${why}; leave out --resume`)

type Known = Map<string, { trial: Trial; result: TrialResult }>

function logOn(path: string, known: Known, knownBudget: number | undefined): TrialLog {
  let budget = knownBudget
  const append = (value: unknown): void => appendFileSync(path, `${JSON.stringify(value)}\n`)
  return {
    known: (trial) => known.get(keyOf(trial))?.result,
    add(trial, result) {
      known.set(keyOf(trial), { trial, result })
      append({ trial, result })
    },
    get budget() {
      return budget
    },
    setBudget(trials) {
      budget = trials
      append({ budget })
    },
    samples: () => [...new Map([...known.values()].map((each) => [each.trial.scenario, each])).values()],
  }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
}
