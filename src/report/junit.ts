// JUnit XML, as CI systems read it: one suite for the scenario, one case for each criterion.
//
//   testsuites ─▶ testsuite (scenario) ─▶ testcase (criterion)   fail          <failure type="too_slow" …>
//                                                                inconclusive  <error type="inconclusive" …>
//                                                                only warns    <skipped message="warning: …">
// Of several runs, a suite each.
import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import manifest from '../../package.json' with { type: 'json' }
import { count } from '../kernel/wording.ts'
import type { Finding, Verdict } from '../judge/verdict.ts'
import { bound, interval, margin, measured, windowText } from './format.ts'
import { type Element, html } from './html/html.ts'
import { markOf } from './result-marks.ts'
import { oneLine, plainDocument, plainText } from './plain-text.ts'
import type { RunRecord } from '../run/bundle/record.ts'
import type { Series, SeriesRun } from '../run/series.ts'

/** The whole file of one run. A failure or error always has a text: most readers show nothing else. */
export const renderJunit = (run: RecordedRun): string => render([suiteOf(run, run.verdict.scenario)])

/**
 * The whole file of a command line. What repeats say together is a suite of its own, and what one of them leaves undecided alone is then no
 * error. A scenario that was not played is one, so that its absence passes nothing.
 */
export const renderSeriesJunit = (all: readonly Series[]): string => render(all.flatMap(suitesOf))

/** What the file is made from. */
export interface RecordedRun {
  record: RunRecord
  verdict: Verdict
}

interface Suite {
  name: string
  /** ISO 8601. */
  startedAt?: string
  seconds: number
  properties: Element[]
  cases: Case[]
}

interface Case {
  is: 'passed' | 'failed' | 'error' | 'skipped'
  element: Element
}

function suitesOf({ scenario, runs, together }: Series): Suite[] {
  const alone = runs.map((run): Suite => {
    const name = runs.length === 1 ? scenario : `${scenario}, seed ${run.seed}`
    if (run.is === 'judged') return suiteOf(run, name, together !== undefined)
    return { name, seconds: 0, properties: [], cases: [unplayed(scenario, run)] }
  })
  if (!together) return alone
  const { verdict } = together
  const name = `${scenario}, ${runs.length} runs together`
  return [...alone, { name, seconds: 0, properties: [], cases: verdict.findings.map((finding) => testcase(scenario, finding, false)) }]
}

function suiteOf({ record, verdict }: RecordedRun, name: string, isPart = false): Suite {
  const seconds = Math.max(0, (Date.parse(record.endedAt) - Date.parse(record.startedAt)) / 1000)
  return {
    name,
    startedAt: record.startedAt,
    seconds: Number.isFinite(seconds) ? seconds : 0,
    properties: properties(record, verdict),
    cases: verdict.findings.map((finding) => testcase(verdict.scenario, finding, isPart)),
  }
}

function render(suites: readonly Suite[]): string {
  const document = html`
    <testsuites name=${manifest.name} ...${totals(suites)}>
      ${suites.map(
        (suite) => html`
          <testsuite name=${oneLine(suite.name)} ...${timestamp(suite)} ...${totals([suite])}>
            <properties>${suite.properties}</properties>
            ${suite.cases.map(({ element }) => element)}
          </testsuite>
        `,
      )}
    </testsuites>
  `
  // The template above has one root.
  const xml = renderToString(document as VNode)
  // XML forbids the end of a CDATA section in text, which HTML allows. A tag a line: text holds no "<", so "><" is between tags.
  return plainDocument(`<?xml version="1.0" encoding="UTF-8"?>\n${xml.replaceAll(']]>', ']]&gt;').replaceAll('><', '>\n<')}\n`)
}

const timestamp = ({ startedAt }: Suite): object => (startedAt === undefined ? {} : { timestamp: oneLine(startedAt) })

function totals(suites: readonly Suite[]): object {
  const cases = suites.flatMap((suite) => suite.cases)
  const number = (is: Case['is']): number => cases.filter((each) => each.is === is).length
  return {
    tests: cases.length,
    failures: number('failed'),
    errors: number('error'),
    skipped: number('skipped'),
    time: suites.reduce((total, { seconds }) => total + seconds, 0).toFixed(3),
  }
}

function properties(record: RunRecord, verdict: Verdict): Element[] {
  const unheld = verdict.validity.filter((check) => !check.ok)
  const values = {
    seed: String(record.seed),
    settings: verdict.settings,
    sha: record.git === null ? 'none' : `${record.git.sha}${record.git.dirty ? ' (with local changes)' : ''}`,
    valid: unheld.length === 0 ? 'yes' : `no: ${unheld.map((check) => check.id).join(', ')}`,
    replay: record.command,
  }
  return Object.entries(values).map(([name, value]) => html`<property name=${name} value=${oneLine(value)} />`)
}

/** `isPart`: the run is one of several that are judged together, so that what it leaves undecided is for these to say. */
function testcase(scenario: string, finding: Finding, isPart: boolean): Case {
  const place = finding.source ? { file: oneLine(finding.source.file), line: finding.source.line } : {}
  const name = oneLine(`${finding.id} ${finding.sentence}`)
  const is = outcomeOf(finding, isPart)
  const element = html`
    <testcase classname=${oneLine(scenario)} name=${name} time=${time(finding)} ...${place}>${reason(finding, is)}</testcase>
  `
  return { is, element }
}

function outcomeOf(finding: Finding, isPart: boolean): Case['is'] {
  if (finding.result === 'pass') return 'passed'
  if (markOf(finding) === 'warning') return 'skipped'
  if (finding.result === 'fail') return 'failed'
  return isPart ? 'skipped' : 'error'
}

function unplayed(scenario: string, run: Exclude<SeriesRun, { is: 'judged' }>): Case {
  const [is, text, name] =
    run.is === 'not_begun'
      ? (['skipped', run.why, 'was not begun'] as const)
      : (['error', run.error.message, 'could not be played'] as const)
  const told = plainText(text, 1000)
  const inside =
    is === 'skipped'
      ? html`<skipped message=${oneLine(text)}>${told}</skipped>`
      : html`<error type="not_played" message=${oneLine(text)}>${told}</error>`
  return { is, element: html`<testcase classname=${oneLine(scenario)} name=${name} time="0.000">${inside}</testcase>` }
}

/** The seconds of the run that the criterion is about. Without a time, some readers show NaN. */
function time({ window }: Finding): string {
  const seconds = window === null ? 0 : (window.toMs - window.fromMs) / 1000
  return Number.isFinite(seconds) ? Math.max(0, seconds).toFixed(3) : '0.000'
}

function reason(finding: Finding, is: Case['is']): Element | null {
  if (is === 'passed') return null
  const text = plainText(explanation(finding), 1000)
  const seen = numbers(finding)
  if (is === 'failed') return html`<failure type=${oneLine(finding.cause ?? 'fail')} message=${seen}>${text}</failure>`
  if (is === 'error') return html`<error type="inconclusive" message=${seen}>${text}</error>`
  return html`<skipped message=${`${markOf(finding) === 'warning' ? 'warning' : 'inconclusive alone'}: ${seen}`}>${text}</skipped>`
}

/** "measured 2.004 s, bound < 1.5 s, margin −33.6 %" */
function numbers(finding: Finding): string {
  return `measured ${measured(finding)}, bound ${bound(finding)}, margin ${margin(finding)}`
}

function explanation(finding: Finding): string {
  const range = interval(finding)
  return [
    finding.why || finding.sentence,
    `${count(finding.n)} samples over ${windowText(finding.window)}${range ? `; 95 % bounds: ${range}` : ''}`,
    finding.needsMore === undefined ? '' : `needs about ${count(finding.needsMore)} more samples`,
    finding.remedy === undefined ? '' : `remedy: ${finding.remedy}`,
  ]
    .filter(Boolean)
    .join('\n')
}
