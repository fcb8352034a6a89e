// What became of one scenario of a command line: its run, or its repeats one by one and together.
import type { Result } from '../criteria/finding/raw-finding.ts'
import type { Verdict } from '../judge/verdict.ts'
import type { GatecrashError } from '../kernel/errors.ts'
import type { JudgedRun } from './judged-run.ts'

export interface Series {
  scenario: string
  /** One for each that was planned, in order. */
  runs: readonly SeriesRun[]
  /** What the repeats say together, and where that is kept; absent of less than two that were judged. */
  together?: { verdict: Verdict; path: string }
}

export type SeriesRun =
  /** `reportPath` as it is to be shown. */
  | ({ is: 'judged'; seed: number; folder: string; reportPath: string } & JudgedRun)
  /** The load never began; `folder` holds the logs. */
  | { is: 'not_played'; seed: number; folder: string; error: GatecrashError }
  /** Something before it ended the command line. */
  | { is: 'not_begun'; seed: number; why: string }

export type SeriesResult = Result | Exclude<SeriesRun['is'], 'judged'>

/**
 * The result that stands for all: one run that fails is a failure, and what none decides alone, all may decide together. A run that was
 * not played is no pass.
 */
export function resultOf({ runs, together }: Series): SeriesResult {
  const results = runs.map((run): SeriesResult => (run.is === 'judged' ? run.verdict.result : run.is))
  const among = together ? [...results.filter((result) => result !== 'inconclusive'), together.verdict.result] : results
  return worstFirst.find((result) => among.includes(result)) ?? 'not_begun'
}

const worstFirst: readonly SeriesResult[] = ['not_played', 'fail', 'inconclusive', 'pass']
