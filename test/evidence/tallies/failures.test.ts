import { expect, it } from 'vitest'
import type { RequestEvent } from '../../../src/evidence/events.ts'
import { mergeEvidence } from '../../../src/evidence/merge.ts'
import { MAX_KINDS, OTHERS } from '../../../src/evidence/tallies/failures.ts'
import { type Answer, OUTAGE_END, OUTAGE_START, evidenceOf, ok } from '../../judge/history.ts'

const failed = (client: Partial<RequestEvent>): Answer => ({ ...ok, outcome: 'upstream_error', client })

it('counts failures by phase, route, outcome, status and error, with the first and the last', async () => {
  const { failures } = await evidenceOf({
    gemini: (dueMs, index) =>
      dueMs >= OUTAGE_START && dueMs < OUTAGE_END
        ? failed(index % 4 < 2 ? { status: 503, error: 'upstream_error' } : { status: 502, error: 'bad_gateway' })
        : ok,
  })
  const kinds = failures.map(({ phase, route, outcome, status, error }) => [phase, route, outcome, status, error])
  expect(kinds).toEqual([
    ['outage', 'gemini.generate', 'upstream_error', 502, 'bad_gateway'],
    ['outage', 'gemini.generate', 'upstream_error', 503, 'upstream_error'],
  ])
  expect(failures.every(({ count }) => count > 50)).toBe(true)
  for (const { firstMs, lastMs } of failures) {
    expect(firstMs).toBeGreaterThanOrEqual(OUTAGE_START)
    expect(firstMs).toBeLessThan(OUTAGE_START + 500)
    expect(lastMs).toBeGreaterThan(OUTAGE_END - 500)
  }
})

it('counts errors together that are of too many kinds, and cuts what is long', async () => {
  let nth = 0
  const { failures, requests } = await evidenceOf({
    gemini: () => failed({ status: 500, error: `${nth++} ${'x'.repeat(500)}` }),
  })
  const judged = failures.filter(({ phase }) => phase === 'recovery')
  expect(judged.length).toBeLessThanOrEqual(MAX_KINDS + 1)
  expect(judged.every(({ error }) => error.length <= 80)).toBe(true)
  expect(judged.find(({ error }) => error === OTHERS)?.count ?? 0).toBeGreaterThan(0)
  const all = requests.filter(({ phase, outcome }) => phase === 'recovery' && outcome !== 'ok').reduce((sum, { count }) => sum + count, 0)
  expect(judged.reduce((sum, { count }) => sum + count, 0)).toBe(all)
})

it('keeps the first requests of each kind of failure, with each attempt', async () => {
  const { sample } = await evidenceOf({
    gemini: (_dueMs, index) => (index % 3 === 0 ? failed({ status: 503, error: 'a' }) : failed({ status: 502, error: 'b' })),
  })
  const steady = sample.filter(({ phase, why }) => phase === 'steady' && why === 'upstream_error')
  expect(steady.map(({ status, error }) => `${status} ${error}`).toSorted()).toEqual(['502 b', '502 b', '502 b', '503 a', '503 a', '503 a'])
  expect(steady.every(({ attempts }) => attempts.length > 0)).toBe(true)
})

it('adds up the failures of two parts', async () => {
  const evidence = await evidenceOf({ gemini: () => failed({ status: 503, error: 'a' }) })
  const once = evidence.failures.map(({ count }) => count)
  expect(once.length).toBeGreaterThan(0)
  expect(mergeEvidence([evidence, evidence]).failures.map(({ count }) => count)).toEqual(once.map((count) => count * 2))
})
