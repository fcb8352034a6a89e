// JUnit XML, as CI systems read it: one suite for the scenario, one case for each criterion.
//
//   testsuites ─▶ testsuite (scenario) ─▶ testcase (criterion)   fail          <failure type="too_slow" …>
//                                                                inconclusive  <error type="inconclusive" …>
import { create } from 'xmlbuilder2'
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js'
import type { Finding, Verdict } from '../judge/verdict.ts'
import { bound, interval, margin, measured, windowText } from './format.ts'
import { oneLine, plainText } from './plain-text.ts'
import type { RunRecord } from '../run/record.ts'

/** The whole file. A failure or error always carries a text: an empty one is shown as a riddle by most readers. */
export function renderJunit({ record, verdict }: { record: RunRecord; verdict: Verdict }): string {
  const seconds = Math.max(0, (Date.parse(record.endedAt) - Date.parse(record.startedAt)) / 1000)
  const totals = {
    tests: verdict.findings.length,
    failures: verdict.counts.fail,
    errors: verdict.counts.inconclusive,
    time: Number.isFinite(seconds) ? seconds.toFixed(3) : '0.000',
  }
  // The builder drops what XML 1.0 cannot hold, but takes lone halves of a character as they are; plainText does not.
  const document = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '' })
  const suite = document
    .ele('testsuites', { name: record.tool.name, ...totals })
    .ele('testsuite', { name: oneLine(verdict.scenario), timestamp: record.startedAt, skipped: 0, ...totals })
  writeProperties(suite, record, verdict)
  for (const finding of verdict.findings) writeCase(suite, verdict.scenario, finding)
  return `${document.end({ prettyPrint: true })}\n`
}

function writeProperties(suite: XMLBuilder, record: RunRecord, verdict: Verdict): void {
  const failedGuards = verdict.guards.filter((guard) => !guard.ok)
  const properties = {
    seed: String(record.seed),
    settings: verdict.settings,
    sha: record.git === null ? 'none' : `${record.git.sha}${record.git.dirty ? ' (with local changes)' : ''}`,
    valid: failedGuards.length === 0 ? 'yes' : `no: ${failedGuards.map((guard) => guard.id).join(', ')}`,
    replay: record.command,
  }
  const list = suite.ele('properties')
  for (const [name, value] of Object.entries(properties)) list.ele('property', { name, value: oneLine(value) })
}

function writeCase(suite: XMLBuilder, scenario: string, finding: Finding): void {
  const place = finding.source ? { file: oneLine(finding.source.file), line: finding.source.line } : {}
  const name = oneLine(`${finding.id} ${finding.sentence}`)
  const testcase = suite.ele('testcase', { classname: oneLine(scenario), name, ...place })
  if (finding.result === 'pass') return
  const [element, type] = finding.result === 'fail' ? ['failure', finding.cause ?? 'fail'] : ['error', 'inconclusive']
  testcase.ele(element, { type, message: numbers(finding) }).txt(plainText(explanation(finding)))
}

/** "measured 2,004 ms, bound < 1,500 ms, margin −33.6 %" */
function numbers(finding: Finding): string {
  return `measured ${measured(finding)}, bound ${bound(finding)}, margin ${margin(finding)}`
}

function explanation(finding: Finding): string {
  const range = interval(finding)
  return [
    finding.why || finding.sentence,
    `${finding.n} samples over ${windowText(finding.window)}${range ? `; 95 % bounds: ${range}` : ''}`,
    finding.needsMore === undefined ? '' : `needs about ${finding.needsMore} more samples`,
  ]
    .filter(Boolean)
    .join('\n')
}
