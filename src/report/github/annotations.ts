// What GitHub shows beside the lines of a change: one annotation for each criterion that did not pass, at its own line.
// Of repeats a criterion has one, however often it failed: a reader must not count the same line three times.
import { relative, resolve } from 'node:path'
import type { Finding, Verdict } from '../../judge/verdict.ts'
import { type Series, resultOf } from '../../run/series.ts'
import { bound, margin, measured } from '../format.ts'
import { type Annotation, annotationCommand } from './command.ts'

/** GitHub keeps ten of a level a step, and drops the others in silence. The last says how many there are more. */
const MOST = 9

/** Where files are looked for. */
export interface Workspace {
  /** The root of the repository. */
  root: string
  /** What paths of criteria are relative to. */
  workingDirectory: string
}

/** Lines for the log of a step, errors first. */
export function annotationCommands(all: readonly Series[], workspace: Workspace): string[] {
  const annotations = all.flatMap((series) => annotationsOf(series, workspace))
  return (['error', 'warning'] as const).flatMap((level) => {
    const own = annotations.filter((annotation) => annotation.level === level)
    const hidden = own.length - MOST
    const rest: Annotation[] =
      hidden > 0 ? [{ level, title: 'gatecrash', message: `${hidden} more, all in the summary and the report` }] : []
    return [...own.slice(0, MOST), ...rest].map((annotation) => annotationCommand(annotation))
  })
}

function annotationsOf(series: Series, workspace: Workspace): Annotation[] {
  const { scenario, runs } = series
  const unplayed = runs.flatMap((run): Annotation[] =>
    run.is === 'not_played' ? [{ level: 'error', title: `${scenario} could not be played`, message: run.error.message }] : [],
  )
  const findings = openFindings(series).map(({ finding, count, of }): Annotation => ({
    level: finding.result === 'fail' && finding.severity === 'error' ? 'error' : 'warning',
    title: `${scenario} ${finding.id}${finding.severity === 'warn' ? ' (warning)' : ''}`,
    message: messageOf(finding, of > 1 ? `In ${count} of ${of} runs.` : ''),
    place: placeOf(finding, workspace),
  }))
  return [...unplayed, ...findings, ...doubt(series)]
}

interface OpenFinding {
  finding: Finding
  /** In how many of how many runs it did not pass. */
  count: number
  of: number
}

/** By criterion the worst of what was found: one run that fails is a failure, and what none decides alone, all may decide together. */
function openFindings({ runs, together }: Series): OpenFinding[] {
  const verdicts = runs.flatMap((run) => (run.is === 'judged' ? [run.verdict] : []))
  const ids = new Set([...verdicts, ...(together ? [together.verdict] : [])].flatMap(({ findings }) => findings.map(({ id }) => id)))
  const open = [...ids].flatMap((id): OpenFinding[] => {
    const each = verdicts.flatMap((verdict) => findingOf(verdict, id))
    const merged = together ? findingOf(together.verdict, id) : []
    const unpassed = each.filter(({ result }) => result !== 'pass')
    const decisive = [...merged, ...each].find(({ result }) => result === 'fail') ?? (together ? merged[0] : each[0])
    return decisive === undefined || decisive.result === 'pass' ? [] : [{ finding: decisive, count: unpassed.length, of: each.length }]
  })
  return open.toSorted((a, b) => Number(b.finding.result === 'fail') - Number(a.finding.result === 'fail'))
}

const findingOf = (verdict: Verdict, id: string): Finding[] => verdict.findings.filter((finding) => finding.id === id)

/** Why a run that did not pass may not be believed. */
function doubt(series: Series): Annotation[] {
  if (resultOf(series) === 'pass') return []
  const verdict = series.together?.verdict ?? series.runs.flatMap((run) => (run.is === 'judged' ? [run.verdict] : []))[0]
  const unheld = verdict?.validity.filter(({ ok }) => !ok) ?? []
  if (unheld.length === 0) return []
  const lines = unheld.map(({ sentence, remedy }) => (remedy === null ? sentence : `${sentence}\nRemedy: ${remedy}`))
  return [{ level: 'warning', title: `${series.scenario}: checks of the run that did not hold`, message: lines.join('\n') }]
}

function messageOf(finding: Finding, repeats: string): string {
  return [
    finding.why || finding.sentence,
    repeats,
    `Demanded: ${finding.sentence}`,
    `Measured ${measured(finding)}, bound ${bound(finding)}, margin ${margin(finding)}`,
    finding.remedy === undefined ? '' : `Remedy: ${finding.remedy}`,
  ]
    .filter(Boolean)
    .join('\n')
}

/** Undefined for what lies outside the repository: GitHub could not show it. */
function placeOf({ source }: Finding, { root, workingDirectory }: Workspace): Annotation['place'] {
  if (source === undefined) return undefined
  const file = relative(root, resolve(workingDirectory, source.file))
  return file === '' || file.startsWith('..') ? undefined : { file, line: source.line }
}
