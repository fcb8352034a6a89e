import { expect, it } from 'vitest'
import { GatecrashError } from '../../../src/kernel/errors.ts'
import type { Verdict } from '../../../src/judge/verdict.ts'
import { renderSeriesTable } from '../../../src/report/terminal/series-table.ts'
import type { Series, SeriesRun } from '../../../src/run/series.ts'
import { evidence, record } from '../reference-run.ts'
import { failing, passing, undecided } from '../verdicts.ts'

const whole = evidence()
const judged = (verdict: Verdict, seed = 42): SeriesRun => ({
  is: 'judged',
  seed,
  folder: 'f',
  reportPath: 'r',
  record,
  evidence: whole,
  verdict,
})
const series = (scenario: string, ...runs: SeriesRun[]): Series => ({ scenario, runs })
const unplayed: SeriesRun = { is: 'not_played', seed: 42, folder: 'f', error: new GatecrashError('port_taken', 'port 1 is taken') }
const unbegun: SeriesRun = { is: 'not_begun', seed: 42, why: 'an earlier scenario did not pass (--bail)' }

it('gives each scenario a line, in the order in which they were played, and counts those that passed', () => {
  const text = renderSeriesTable([
    series('steady', judged(passing)),
    series('gemini-outage', judged(failing)),
    series('gemini-cut', judged(undecided)),
    series('taken', unplayed),
    series('left', unbegun),
  ])
  expect(text.split('\n')).toEqual([
    '   scenario       verdict       criteria                           played  seed',
    '✓  steady         pass          all 5 passed                       60.0 s  42',
    '✗  gemini-outage  fail          1 of 7 failed, 1 inconclusive: C1  60.0 s  42',
    expect.stringMatching(/^\? {2}gemini-cut {5}inconclusive {2}\d of \d inconclusive: C\d/),
    '✗  taken          not played    –                                       –  42',
    '?  left           not begun     –                                       –  42',
    '',
    '1 of 5 scenarios passed, 3 min played',
    '',
  ])
})

it('gives repeats one line: what they say together, and how many of them could be judged', () => {
  const repeats = { ...series('steady', judged(undecided), judged(passing, 43)), together: { verdict: passing, path: 'p' } }
  expect(renderSeriesTable([repeats])).toMatch(/^✓ {2}steady +pass +all 5 passed +120\.0 s {2}42 to 43$/m)
  const cutShort = series('steady', judged(passing), { ...unbegun, seed: 43 })
  expect(renderSeriesTable([cutShort])).toMatch(/^✓ {2}steady +pass +all 5 passed; 1 of 2 runs judged +60\.0 s {2}42 to 43$/m)
})

it('shows the run that failed, whatever the repeats say together', () => {
  const repeats = { ...series('steady', judged(passing), judged(failing, 43)), together: { verdict: passing, path: 'p' } }
  expect(renderSeriesTable([repeats])).toMatch(/^✗ {2}steady +fail +1 of 7 failed/m)
})

it('is made of ASCII alone when asked for it, and lets no name move the cursor', () => {
  const text = renderSeriesTable([series('\u001B[2J\u202Eevil', judged(failing))], { ascii: true })
  expect(text).toMatch(/^[\n\x20-\x7E]+$/)
})

it('tells the share of false alerts, over all runs that told of any', () => {
  const told = (raised: number, wrong: number, seed = 42): SeriesRun => judged({ ...passing, alerts: { raised, false: wrong } }, seed)
  const repeats = {
    ...series('steady', told(5, 1), told(7, 0, 43)),
    together: { verdict: { ...passing, alerts: { raised: 12, false: 1 } }, path: 'p' },
  }
  expect(renderSeriesTable([repeats, series('other', told(8, 0)), series('silent', judged(passing))])).toMatch(
    /^1 of 20 alerts false \(5 %\)$/m,
  )
  expect(renderSeriesTable([series('asked', told(0, 0))])).toMatch(/^no alert was told: the share of false ones is not known$/m)
  expect(renderSeriesTable([series('steady', judged(passing))])).not.toContain('alert')
})
