// What stands beside a run on its page: what changed against the run before, and what the gateway said last.
import { describe, expect, it } from 'vitest'
import { latenciesOf } from '../../../../src/evidence/latency-histogram.ts'
import { renderHtml } from '../../../../src/report/html/page.ts'
import type { Comparison } from '../../../../src/run/comparison/comparison.ts'
import type { ReportedRun } from '../../../../src/run/reported-run.ts'
import { evidence, record } from '../../reference-run.ts'
import { failing, undecided } from '../../verdicts.ts'

const whole = evidence()
const section = (id: string, beside: Partial<ReportedRun>): string => {
  const html = renderHtml({ record, evidence: whole, verdict: failing, ...beside })
  return new RegExp(`<section id="${id}">.*?</section>`, 's').exec(html)?.[0] ?? ''
}
const text = (html: string): string => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
const comparison: Comparison = {
  scenario: 'gemini-outage',
  before: { startedAt: '2026-11-20T08:00:00.123Z', seed: 42, result: 'pass' },
  now: { startedAt: record.startedAt, seed: 42, result: 'fail' },
  incomparable: [],
  changed: ['gateway.upstreams.gemini.breaker.failures 5 → 10'],
  criteria: [
    {
      id: 'C1',
      sentence: 'p95 during outage is below 1.5 s',
      change: 'worse',
      decides: true,
      before: { result: 'pass', measured: 900, unit: 'ms' },
      now: { result: 'fail', measured: 2004.1, unit: 'ms' },
    },
  ],
  figures: [
    { phase: 'steady', upstream: 'gemini', figure: 'errors', unit: 'ratio', before: 0.1, now: 0, change: 'better' },
    { phase: 'steady', upstream: 'gemini', figure: 'p50', unit: 'ms', before: 40, now: 41, change: 'within_noise' },
  ],
  result: 'worse',
}

it('tells what was changed, and what is worse and better, then and now', () => {
  const told = text(section('changes', { comparison }))
  expect(told).toContain(
    'started 2026-11-20T08:00:00Z, and its verdict was pass. Of 1 criterion and 2 figures: 1 worse, 1 better, 1 within noise.',
  )
  expect(told).toContain('gateway.upstreams.gemini.breaker.failures 5 → 10')
  expect(told).toContain('✗ worse C1 p95 during outage is below 1.5 s pass, 900 ms fail, 2.004 s')
  expect(told).toContain('✓ better gemini errors in steady 10 % 0 %')
  expect(told).not.toContain('p50 of ok')
})

it('leaves out what is not known', () => {
  expect(section('changes', {})).toBe('')
  expect(section('gateway-said', {})).toBe('')
})

it('shows the last lines of the gateway as text, line by line', () => {
  const evil = '</pre><script>alert(1)</script>\u001B[2J\u202E'
  const html = section('gateway-said', { lastWords: ['Error: connect ECONNREFUSED', evil] })
  expect(html).toContain('Error: connect ECONNREFUSED\n&lt;/pre')
  for (const unfit of ['<script', '\u001B', '\u202E']) expect(html).not.toContain(unfit)
  expect(text(section('gateway-said', { lastWords: [] }))).toContain('It wrote nothing')
})

it('says how a gateway ended that nobody had asked to', () => {
  const processes = [{ role: 'gateway', atMs: 12_340, edge: 'exited', unexpected: true, code: 1, signal: null, stderr: '' } as const]
  expect(text(section('gateway-said', { lastWords: ['bye'], evidence: { ...whole, processes: [...processes] } }))).toContain(
    'ENDED 12.34 s: the gateway ended by itself (code 1)',
  )
})

describe('the crowd of a saturated phase', () => {
  const answers = { ok: latenciesOf([10, 12, 14, 300]), shed: latenciesOf([1, 1, 1, 1, 1, 1]) }
  const saturated = {
    phase: 'rush',
    connections: 60,
    lastedMs: 12_000,
    answers,
    unmarked: 0,
    refusedUpstream: 2,
    perSecond: [44, 50, 55],
    waiting: latenciesOf([900]),
  }

  it('is told with what it got, how quickly, and who was never answered', () => {
    const told = text(section('crowd', { evidence: { ...whole, saturation: [saturated] } }))
    expect(told).toMatch(
      /rush 60 connections for 12\.0 s 50\/s 44 to 55 12 ms 300 ms 300 ms 4 ok \(40 %\) 6 shed \(60 %\) 2 refused by upstreams 1/,
    )
  })

  it('is left out where no phase was saturated', () => {
    expect(section('crowd', {})).toBe('')
  })
})

describe('whether the verdict stands', () => {
  it('is said at the top, with what did not hold and its remedy in one card', () => {
    const html = renderHtml({ record, evidence: whole, verdict: undecided })
    expect(text(html)).toContain('? This run can carry no verdict: 1 of 4 checks of it did not hold.')
    expect(html.match(/<article class="card checks/g)).toHaveLength(1)
    expect(text(renderHtml({ record, evidence: whole, verdict: failing }))).toContain('✓ The verdict stands: all 3 checks of the run held.')
  })
})
