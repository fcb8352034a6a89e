import { expect, it } from 'vitest'
import { judgeIncrease } from '../../../../src/criteria/measure/statistics/increase.ts'

const words = { limit: 0.01, cause: 'harmed', what: 'failed', compared: 'in steady' } as const

it('passes a share that surely grew by less than the limit, and fails one that surely grew by more', () => {
  expect(judgeIncrease({ hits: 20, n: 4000 }, { hits: 20, n: 4000 }, words)).toMatchObject({ result: 'pass', measured: 0 })
  expect(judgeIncrease({ hits: 120, n: 4000 }, { hits: 20, n: 4000 }, words)).toMatchObject({ result: 'fail', cause: 'harmed' })
  // Better than before.
  expect(judgeIncrease({ hits: 0, n: 400 }, { hits: 200, n: 400 }, words)).toMatchObject({ result: 'pass', measured: -0.5 })
})

it('is undecided where the samples do not tell, and says how many would', () => {
  const finding = judgeIncrease({ hits: 3, n: 200 }, { hits: 2, n: 200 }, words)
  expect(finding).toMatchObject({ result: 'inconclusive', cause: 'too_few_samples' })
  expect(finding.why).toMatch(
    /^3 of 200 failed, and 2 of 200 in steady: a difference of 0\.5 % \(.* to .*\), limit 1 %; needs about .* more$/,
  )
  expect(judgeIncrease({ hits: 0, n: 200 }, { hits: 0, n: 0 }, words)).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
})
