import { expect, it } from 'vitest'
import { confirmationOf } from '../../src/tuning/confirmation.ts'
import type { TrialResult } from '../../src/tuning/trial/trial.ts'
import { failing } from '../report/verdicts.ts'
import { passed } from './trial-results.ts'

const trial = { scenario: 'gemini-outage', settings: { 'gemini.breaker.failures': 11 }, seed: 42 }

it('tells a criterion that one stage passes and the other fails, and no other', () => {
  const failed = failing.findings.find(({ result, severity }) => result === 'fail' && severity === 'error')!
  const simulated = passed() as TrialResult & { is: 'judged' }
  simulated.margins = failing.findings.map(({ sentence, result, margin }) => ({
    criterion: sentence,
    result: sentence === failed.sentence ? 'pass' : result,
    margin,
  }))
  const confirmation = confirmationOf(trial, simulated, failing)
  expect(confirmation).toMatchObject({ live: 'fail', simulated: 'pass', seed: 42 })
  expect(confirmation.disagreements).toEqual([{ criterion: failed.sentence, live: 'fail', simulated: 'pass', why: failed.why }])
})
