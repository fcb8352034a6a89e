import { expect, it } from 'vitest'
import { create } from 'xmlbuilder2'
import type { Verdict } from '../../src/judge/verdict.ts'
import { GatecrashError } from '../../src/kernel/errors.ts'
import { renderJunit, renderSeriesJunit } from '../../src/report/junit.ts'
import type { SeriesRun } from '../../src/run/series.ts'
import { evidence, record } from './reference-run.ts'
import { failing, passed, tooFew, tooSlow, undecided, verdict, warned } from './verdicts.ts'

const outline = (xml: string): string[] =>
  [...xml.matchAll(/<(testcase|failure|error)\b[^>]*?(?: name| type)="([^"]*)"/g)].map(([, tag, name]) => `${tag} ${name}`)

it('has a case for each criterion, in order, with failures and errors inside', () => {
  expect(outline(renderJunit({ record, verdict: failing })).slice(0, 5)).toEqual([
    'testcase C1 p95 during outage is below 1.5 s',
    'failure too_slow',
    'testcase C6 p99 of gemini during recovery is below 300 ms',
    'error inconclusive',
    'testcase C4 error rate during steady and outage and recovery is below 1.4 %',
  ])
})

it('says what to do about what is undecided', () => {
  expect(renderJunit({ record, verdict: verdict([{ ...tooFew, remedy: 'judge 4 runs together' }]) })).toContain(
    'remedy: judge 4 runs together',
  )
})

it('counts what it holds', () => {
  expect(renderJunit({ record, verdict: failing })).toMatch(
    /<testsuite name="gemini-outage"[^>]* tests="7" failures="1" errors="1" skipped="0" time="61\.587">/,
  )
})

it('shows what only warns as skipped, with its reason, and never as a failure', () => {
  const xml = renderJunit({ record, verdict: warned })
  expect(xml).toMatch(/<testsuite name="gemini-outage"[^>]* failures="0" errors="0" skipped="1"/)
  expect(xml).toMatch(/<skipped message="warning: measured 2.004 s[^"]*">[^<]*until the breaker of gemini opened at 16.9 s/)
  expect(xml).not.toContain('<failure')
})

it('puts measured, bound and margin in the message, and the reason in the text', () => {
  const xml = renderJunit({ record, verdict: failing })
  expect(xml).toContain('message="measured 2.004 s, bound &lt; 1.5 s, margin −33.6 %"')
  expect(xml).toContain('until the breaker of gemini opened at 16.9 s')
  expect(xml).toContain('needs about 85 more samples')
})

it('names the file and line of each criterion', () => {
  expect(renderJunit({ record, verdict: failing })).toMatch(/<testcase [^>]*file="scenarios\/gemini-outage\.ts" line="31"/)
})

it('never leaves a failure empty, even when the judge gave no reason', () => {
  const xml = renderJunit({
    record,
    verdict: verdict([
      { ...tooSlow, why: '' },
      { ...tooFew, why: '' },
    ]),
  })
  const texts = [...xml.matchAll(/<(?:failure|error) [^>]*>([^<]*)</g)].map(([, text]) => text?.trim())
  expect(texts).toHaveLength(2)
  for (const text of texts) expect(text).not.toBe('')
})

it('gives each case a time in seconds', () => {
  const xml = renderJunit({ record, verdict: verdict([tooSlow, { ...tooFew, window: null }]) })
  const times = [...xml.matchAll(/<testcase [^>]*time="([^"]*)"/g)].map(([, time]) => time)
  expect(times).toHaveLength(2)
  expect(Number(times[0])).toBeGreaterThan(0)
  expect(times[1]).toBe('0.000')
})

it('says in its properties whether the run was valid', () => {
  expect(renderJunit({ record, verdict: failing })).toContain('<property name="valid" value="yes">')
  expect(renderJunit({ record, verdict: undecided })).toContain('<property name="valid" value="no: loop_delay:load">')
})

it('is well-formed whatever the texts hold', () => {
  const evil = `a\0b\u001Bc\uD800d\uFFFEe]]></failure><!--"'&\u202E${'x'.repeat(1_000_000)}`
  const xml = renderJunit({
    record: { ...record, command: evil },
    verdict: { ...verdict([{ ...tooSlow, why: evil, sentence: evil, source: { file: evil, line: 1 } }, ...passed]), scenario: evil },
  })
  expect(xml).not.toMatch(/(?![\t\n])\p{Cc}|[\uFFFE\uFFFF]|\p{Surrogate}/u)
  expect(() => create(xml)).not.toThrow()
  expect(xml).toContain('>abcde]]&gt;&lt;/failure>&lt;!--')
  expect(xml.length).toBeLessThan(20_000)
})

const judged = (of: Verdict, seed = 42): SeriesRun => ({
  is: 'judged',
  seed,
  folder: 'f',
  reportPath: 'r',
  record,
  evidence: evidence(),
  verdict: of,
})

it('has a suite for each run of several scenarios, and adds them up', () => {
  const xml = renderSeriesJunit([
    { scenario: 'gemini-outage', runs: [judged(failing)] },
    { scenario: 'steady', runs: [judged(undecided)] },
  ])
  expect(xml).toMatch(/<testsuites [^>]* tests="13" failures="1" errors="2" skipped="0"/)
  expect([...xml.matchAll(/<testsuite name="([^"]*)"/g)].map(([, name]) => name)).toEqual(['gemini-outage', 'steady'])
  expect(() => create(xml)).not.toThrow()
})

it('has an error for a scenario that could not be played, and never nothing', () => {
  const error = new GatecrashError('port_taken', 'port 9201 is taken ]]> <&')
  const runs: SeriesRun[] = [{ is: 'not_played', seed: 42, folder: 'f', error }]
  const xml = renderSeriesJunit([{ scenario: 'steady', runs }])
  expect(xml).toMatch(/<testsuite name="steady" tests="1" failures="0" errors="1" skipped="0"/)
  expect(xml).toMatch(/<error type="not_played" message="port 9201 is taken[^"]*">port 9201 is taken/)
  expect(() => create(xml)).not.toThrow()
})

it('names as skipped a scenario that was not begun, with its reason', () => {
  const runs: SeriesRun[] = [{ is: 'not_begun', seed: 42, why: 'an earlier scenario did not pass (--bail)' }]
  expect(renderSeriesJunit([{ scenario: 'steady', runs }])).toMatch(
    /errors="0" skipped="1"[^]*<skipped message="an earlier scenario did not pass \(--bail\)">/,
  )
})

it('leaves to what repeats say together what one of them could not decide', () => {
  const together = { verdict: verdict(passed), path: 'p' }
  const xml = renderSeriesJunit([{ scenario: 'steady', runs: [judged(undecided), judged(failing, 43)], together }])
  expect(
    [...xml.matchAll(/<testsuite name="([^"]*)"[^>]*? failures="(\d)" errors="(\d)" skipped="(\d)"/g)].map((match) => match.slice(1)),
  ).toEqual([
    ['steady, seed 42', '0', '0', '1'],
    ['steady, seed 43', '1', '0', '1'],
    ['steady, 2 runs together', '0', '0', '0'],
  ])
  expect(xml).toContain('<skipped message="inconclusive alone: measured')
})
