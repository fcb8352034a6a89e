// What later steps of a job can ask: `steps.<id>.outputs.verdict` and the like. One line each.
import { relative, resolve } from 'node:path'
import { type Series, type SeriesResult, resultOf } from '../../run/series.ts'
import type { Workspace } from './annotations.ts'

/** By their names; texts without line breaks. */
export interface JobOutputs {
  /** pass, fail, inconclusive, or not_played: the worst of all scenarios. */
  verdict: string
  'exit-code': string
  /** How many criteria failed that decide. */
  failed: string
  /** The page of the first run that did not pass, else of the first; relative to the root of the repository where it lies below it. */
  'report-path': string
  /** The smallest margin of a criterion that decides: −0.336 is 33.6 % beyond its bound. Empty where none has one. */
  'worst-margin': string
}

export function jobOutputs(all: readonly Series[], code: number, workspace: Workspace): JobOutputs {
  const results = new Set(all.map((series) => resultOf(series)))
  const runs = all.flatMap((series) => series.runs.filter((run) => run.is === 'judged'))
  const report = (runs.find(({ verdict }) => verdict.result !== 'pass') ?? runs[0])?.reportPath
  const decisive = runs.flatMap(({ verdict }) => verdict.findings.filter(({ severity }) => severity === 'error'))
  const margins = decisive.flatMap(({ margin }) => (margin === null || !Number.isFinite(margin) ? [] : [margin]))
  return {
    verdict: worstFirst.find((result) => results.has(result)) ?? 'not_begun',
    'exit-code': String(code),
    failed: String(decisive.filter(({ result }) => result === 'fail').length),
    'report-path': report === undefined ? '' : pathFrom(workspace, report),
    'worst-margin': margins.length === 0 ? '' : String(margins.reduce((a, b) => Math.min(a, b))),
  }
}

const worstFirst: readonly SeriesResult[] = ['not_played', 'fail', 'inconclusive', 'not_begun', 'pass']

function pathFrom({ root, workingDirectory }: Workspace, path: string): string {
  const absolute = resolve(workingDirectory, path)
  const near = relative(root, absolute)
  return near.startsWith('..') ? absolute : near
}

/** As GITHUB_OUTPUT takes them. */
export const outputLines = (outputs: JobOutputs): string =>
  Object.entries(outputs)
    // A line break would begin an output of another name.
    .map(([name, value]) => `${name}=${/[\r\n]/.test(value) ? '' : value}\n`)
    .join('')
