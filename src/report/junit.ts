// JUnit XML, as CI systems read it: one suite for the scenario, one case for each criterion.
//
//   testsuites ─▶ testsuite (scenario) ─▶ testcase (criterion)   fail          <failure type="too_slow" …>
//                                                                inconclusive  <error type="inconclusive" …>
//                                                                only warns    <skipped message="warning: …">
import type { VNode } from 'preact'
import { render } from 'preact-render-to-string'
import { count } from '../kernel/wording.ts'
import type { Finding, Verdict } from '../judge/verdict.ts'
import { bound, interval, margin, measured, windowText } from './format.ts'
import { type Element, html } from './html/html.ts'
import { markOf } from './result-marks.ts'
import { oneLine, plainDocument, plainText } from './plain-text.ts'
import type { RunRecord } from '../run/record.ts'

/** The whole file. A failure or error always has a text: most readers show nothing else. */
export function renderJunit({ record, verdict }: { record: RunRecord; verdict: Verdict }): string {
  const seconds = Math.max(0, (Date.parse(record.endedAt) - Date.parse(record.startedAt)) / 1000)
  const totals = {
    tests: verdict.findings.length,
    failures: verdict.counts.fail,
    errors: verdict.counts.inconclusive,
    skipped: verdict.warnings,
    time: Number.isFinite(seconds) ? seconds.toFixed(3) : '0.000',
  }
  const document = html`
    <testsuites name=${oneLine(record.tool.name)} ...${totals}>
      <testsuite name=${oneLine(verdict.scenario)} timestamp=${oneLine(record.startedAt)} ...${totals}>
        <properties>${properties(record, verdict)}</properties>
        ${verdict.findings.map((finding) => testcase(verdict.scenario, finding))}
      </testsuite>
    </testsuites>
  `
  // The template above has one root.
  const xml = render(document as VNode)
  // XML forbids the end of a CDATA section in text, which HTML allows. A tag a line: text holds no "<", so "><" is between tags.
  return plainDocument(`<?xml version="1.0" encoding="UTF-8"?>\n${xml.replaceAll(']]>', ']]&gt;').replaceAll('><', '>\n<')}\n`)
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

function testcase(scenario: string, finding: Finding): Element {
  const place = finding.source ? { file: oneLine(finding.source.file), line: finding.source.line } : {}
  const name = oneLine(`${finding.id} ${finding.sentence}`)
  return html`<testcase classname=${oneLine(scenario)} name=${name} time=${time(finding)} ...${place}>${reason(finding)}</testcase>`
}

/** The seconds of the run that the criterion is about. Without a time, some readers show NaN. */
function time({ window }: Finding): string {
  const seconds = window === null ? 0 : (window.toMs - window.fromMs) / 1000
  return Number.isFinite(seconds) ? Math.max(0, seconds).toFixed(3) : '0.000'
}

function reason(finding: Finding): Element | null {
  if (finding.result === 'pass') return null
  const text = plainText(explanation(finding), 1000)
  if (markOf(finding) === 'warning') return html`<skipped message=${`warning: ${numbers(finding)}`}>${text}</skipped>`
  return finding.result === 'fail'
    ? html`<failure type=${oneLine(finding.cause ?? 'fail')} message=${numbers(finding)}>${text}</failure>`
    : html`<error type="inconclusive" message=${numbers(finding)}>${text}</error>`
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
