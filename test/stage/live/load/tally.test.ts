import { expect, it } from 'vitest'
import { Tally } from '../../../../src/stage/live/load/tally.ts'

/** As a journal has it. */
const written = (last: unknown): unknown => JSON.parse(JSON.stringify(last))

it('has no p95 while nothing was answered: a second of rejections is not a fast second', () => {
  const tally = new Tally()
  tally.end('rejected', 1)
  expect(written(tally.takeLast())).toEqual({ outcomes: { rejected: 1 }, p95: null })
})

it('takes p95 over successful answers alone', () => {
  const tally = new Tally()
  for (let latency = 100; latency >= 1; latency--) tally.end('ok', latency)
  for (let n = 0; n < 50; n++) tally.end('fallback', 0.5)
  expect(written(tally.takeLast())).toEqual({ outcomes: { ok: 100, fallback: 50 }, p95: 95 })
})

it('starts each second afresh and keeps the counts of the whole load', () => {
  const tally = new Tally()
  tally.due = 4
  tally.sent = 3
  tally.end('ok', 1)
  tally.takeLast()
  expect(written(tally.takeLast())).toEqual({ outcomes: {}, p95: null })
  expect(tally.counts()).toEqual({ due: 4, sent: 3, ended: 1, inFlight: 2 })
})

it('tells of a second what it was, however late that is read', () => {
  const tally = new Tally()
  for (const latency of [3, 1, 2]) tally.end('ok', latency)
  const taken = tally.takeLast()
  tally.end('ok', 100)
  tally.takeLast()
  expect([taken.p95, taken.outcomes]).toEqual([3, { ok: 3 }])
})
