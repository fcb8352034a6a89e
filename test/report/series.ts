// Scenarios of a command line, put together from hand-written verdicts.
import { GatecrashError } from '../../src/kernel/errors.ts'
import type { Verdict } from '../../src/judge/verdict.ts'
import type { Series, SeriesRun } from '../../src/run/series.ts'
import { evidence, record } from './reference-run.ts'

const whole = evidence()

export const judged = (verdict: Verdict, facts: Partial<Extract<SeriesRun, { is: 'judged' }>> = {}): SeriesRun => ({
  is: 'judged',
  seed: 42,
  folder: 'reports/gemini-outage/1',
  reportPath: 'reports/gemini-outage/1/report.html',
  record,
  evidence: whole,
  verdict,
  ...facts,
})

export const unplayed = (message = 'port 9201 is taken'): SeriesRun => ({
  is: 'not_played',
  seed: 42,
  folder: 'reports/steady/1',
  error: new GatecrashError('port_taken', message),
})

export const unbegun: SeriesRun = { is: 'not_begun', seed: 42, why: 'an earlier scenario did not pass (--bail)' }

export const series = (scenario: string, ...runs: SeriesRun[]): Series => ({ scenario, runs })
