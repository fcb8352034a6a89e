import { expect, it } from 'vitest'
import type { Criterion } from '../../src/criteria/criteria.ts'
import type { JournalEvent } from '../../src/evidence/events.ts'
import { type Story, findingOf, healthyBreaker, healthyGemini, ok, rejected } from './history.ts'
import { machine } from './criteria.ts'

const inconclusive = { result: 'inconclusive', cause: 'harness_unhealthy' }
const p95: Criterion = { kind: 'latency', quantile: 0.95, outcomes: ['ok'], belowMs: 300, during: ['steady'] }

/** Every second of steady, the gateway's longest wait of a second and what it used of a processor. */
const seconds = (cpu: number, waited?: number): JournalEvent[] =>
  Array.from({ length: 9 }, (_, at) => ({
    type: 'health',
    t: 3000 + at * 1000,
    role: 'gateway',
    cpu,
    ...(waited !== undefined && { waited }),
  }))

/** A tenth of the answers of steady are slow. */
const slowWith = (also: JournalEvent[], latencyMs = 600): Story => ({
  gemini: (dueMs, index) => (dueMs < 12_000 && index % 5 === 0 ? { ...ok, latencyMs } : healthyGemini(dueMs)),
  also,
})

it('blames no gateway that others kept from a processor for answers that are later by its waits', async () => {
  expect(await findingOf(p95, slowWith(seconds(0.4, 300)))).toMatchObject({
    ...inconclusive,
    why: expect.stringContaining('the gateway waited up to 300 ms of a second for a processor that others used') as string,
  })
})

it('blames a gateway that waited little, whose answers are later than its waits, or of whose waits nothing is known', async () => {
  const failed = { result: 'fail', cause: 'too_slow' }
  expect(await findingOf(p95, slowWith(seconds(0.4, 150)))).toMatchObject(failed)
  expect(await findingOf(p95, slowWith(seconds(0.4, 300), 1600))).toMatchObject(failed)
  expect(await findingOf(p95, slowWith(seconds(0.4)))).toMatchObject(failed)
})

it('blames a gateway that burns the cores itself, however long its threads waited', async () => {
  const failed = { result: 'fail', cause: 'too_slow' }
  expect(await findingOf(p95, slowWith(seconds(1.3, 400)))).toMatchObject(failed)
  expect(await findingOf(p95, slowWith(seconds(0.96, 400)))).toMatchObject(failed)
  // Of many cores, more than one is not yet all.
  expect(await findingOf(p95, slowWith([...seconds(1.3, 400), machine(5000, 0, 8)]))).toMatchObject(failed)
})

it('passes a starved gateway that kept its promise all the same', async () => {
  expect(await findingOf(p95, { also: seconds(0.4, 400) })).toMatchObject({ result: 'pass' })
})

it('blames no gateway for a breaker that opened while it was starved as long as attempts may take, nor for what it then refused', async () => {
  const errors: Criterion = { kind: 'error_rate', upstream: 'gemini', below: 0.05, during: ['steady'] }
  const story = (waited: number): Story => ({
    breaker: [['open', 1300], ['half_open', 6350], ['closed', 6400], ...healthyBreaker],
    gemini: (dueMs) => (dueMs >= 1300 && dueMs < 6400 ? rejected : healthyGemini(dueMs)),
    also: [{ type: 'health', t: 1200, role: 'gateway', cpu: 0.5, waited }],
  })
  // There and back, in 2 s of an attempt.
  expect(await findingOf(errors, story(1000))).toMatchObject(inconclusive)
  expect(await findingOf(errors, story(600))).toMatchObject({ result: 'fail', cause: 'too_many_errors' })
})
