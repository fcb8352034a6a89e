import { expect, it } from 'vitest'
import { causalRank, causes } from '../../../src/criteria/finding/cause.ts'
import { criteria } from '../../../src/criteria/criteria.ts'

it('has no cause of a broken promise that no criterion gives', () => {
  const given = new Set<string>(Object.values(criteria).flatMap((criterion) => criterion.causes))
  expect(given.size).toBeGreaterThan(10)
  // Given by the judge, and by criteria of a project's own.
  for (const cause of ['gateway_died', 'contradiction', 'not_met']) given.add(cause)
  const names = Object.keys(causes)
  const broken = names.slice(0, names.indexOf('incomplete'))
  expect(broken.filter((cause) => !given.has(cause))).toEqual([])
})

it('ranks a root cause before what it makes, and all causes before none', () => {
  expect(causalRank('never_opened')).toBeLessThan(causalRank('too_many_errors'))
  expect(causalRank('too_slow')).toBeLessThan(causalRank('too_few_samples'))
  expect(causalRank('too_few_samples')).toBeLessThan(causalRank(undefined))
})
