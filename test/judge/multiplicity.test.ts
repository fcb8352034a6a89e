import { expect, it } from 'vitest'
import type { RawFinding } from '../../src/criteria/finding/raw-finding.ts'
import { amongAll } from '../../src/judge/multiplicity.ts'

const window = { fromMs: 0, toMs: 1000, phases: ['steady'] }
const certain: RawFinding = {
  result: 'fail',
  cause: 'never_opened',
  why: 'it never opened',
  n: 1,
  measured: 0,
  interval: null,
  bound: 1,
  unit: '',
  window,
}
/** A finding that fails at any confidence up to `surely`. */
const counted = (surely: number): RawFinding => ({
  ...certain,
  cause: 'too_many_errors',
  why: 'too many failed',
  n: 1000,
  result: surely >= 0.95 ? 'fail' : 'pass',
  failsAt: [(confidence) => confidence <= surely],
})
const among = (findings: RawFinding[]): RawFinding[] => amongAll(findings.map((finding) => ({ decides: true, finding })))
const results = (findings: RawFinding[]): string[] => among(findings).map(({ result }) => result)

it('lets a lone comparison fail at 95 %', () => {
  expect(results([counted(0.951)])).toEqual(['fail'])
})

it('leaves a failure undecided that is no clearer than the best of so many by chance', () => {
  const [finding] = among([counted(0.97), counted(0.5), counted(0.5)])
  expect(finding).toMatchObject({ result: 'inconclusive', cause: 'too_few_samples' })
  expect(finding!.why).toMatch(
    /^too many failed; this alone would fail, but beside 2 other comparisons it may be chance; needs about \d+ more$/,
  )
  // 0.05/3 against 0.03: ln(0.0167)/ln(0.03) = 1.17 times as many samples.
  expect(finding!.needsMore).toBeGreaterThan(160)
  expect(finding!.needsMore).toBeLessThan(180)
})

it('asks less of the second when the first has failed (Holm)', () => {
  // 1 − 0.05/3 = 0.983…, then 1 − 0.05/2 = 0.975, then 0.95.
  expect(results([counted(0.976), counted(0.984), counted(0.5)])).toEqual(['fail', 'fail', 'pass'])
  expect(results([counted(0.976), counted(0.98), counted(0.5)])).toEqual(['inconclusive', 'inconclusive', 'pass'])
  expect(results([counted(0.951), counted(0.976), counted(0.984)])).toEqual(['fail', 'fail', 'fail'])
})

it('corrects neither a pass, nor a failure that was seen', () => {
  expect(results([counted(0.9), counted(0.9), certain])).toEqual(['pass', 'pass', 'fail'])
  const died: RawFinding = { ...counted(0.96), cause: 'gateway_died' }
  expect(results([died, counted(0.5)])).toEqual(['fail', 'pass'])
})

it('counts each comparison of a criterion that makes several', () => {
  const both: RawFinding = { ...counted(0.97), failsAt: [(confidence) => confidence <= 0.97, () => false] }
  expect(results([both])).toEqual(['inconclusive'])
})

it('leaves warnings alone, and does not count them', () => {
  const warning = { decides: false, finding: counted(0.96) }
  const findings = amongAll([warning, warning, { decides: true, finding: counted(0.96) }])
  expect(findings.map(({ result }) => result)).toEqual(['fail', 'fail', 'fail'])
})

it('counts comparisons that pass, and asks none of them again', () => {
  const passing: RawFinding = {
    ...counted(0.5),
    failsAt: [
      () => {
        throw new Error('it passes')
      },
    ],
  }
  expect(results([counted(0.97), passing])).toEqual(['inconclusive', 'pass'])
  expect(results([counted(0.976), passing])).toEqual(['fail', 'pass'])
})
