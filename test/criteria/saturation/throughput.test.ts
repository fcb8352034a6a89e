import { expect, it } from 'vitest'
import { type Criterion, builders, knownCriterion } from '../../../src/criteria/criteria.ts'
import type { JournalEvent } from '../../../src/evidence/events.ts'
import { findingOf, planOf } from '../../judge/history.ts'
import { crowded } from './crowds.ts'

const above: Criterion = { kind: 'throughput_above', above: 100 }
const asInSteady: Criterion = { kind: 'throughput_above', above: 1, of: 'steady' }
const serving = (perSecond: number) => crowded({ second: () => ({ ok: [perSecond, 60], shed: [2000, 4] }) })

it('passes above the limit and fails below it, whatever is refused', async () => {
  expect(await findingOf(above, serving(150))).toMatchObject({
    result: 'pass',
    measured: 150,
    interval: [150, 150],
    bound: 100,
    unit: 'per_second',
  })
  expect(await findingOf(above, serving(80))).toMatchObject({
    result: 'fail',
    cause: 'too_little_goodput',
    why: '80/s in the median of 10 seconds, from 80/s to 80/s, promised above 100/s',
  })
  expect(await findingOf(above, serving(0))).toMatchObject({ result: 'fail' })
})

it('compares with what another phase had per second', async () => {
  expect(await findingOf(asInSteady, serving(60))).toMatchObject({ result: 'pass', bound: 40 })
  expect(await findingOf(asInSteady, serving(30))).toMatchObject({ result: 'fail', bound: 40 })
})

it('cannot tell when seconds lie on both sides of the limit', async () => {
  const story = crowded({ second: (at) => ({ ok: [at < 5 ? 150 : 80, 60] }) })
  expect(await findingOf(above, story)).toMatchObject({ result: 'inconclusive', cause: 'too_few_samples' })
})

it('cannot tell without a crowd', async () => {
  expect(await findingOf(above, crowded({ second: () => ({}), seconds: 0 }))).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
  const cut = crowded({ second: () => ({ ok: [150, 60] }), seconds: 7 })
  expect(await findingOf(above, cut)).toMatchObject({ result: 'inconclusive', cause: 'load_not_delivered' })
})

it('does not blame the gateway when the crowd had no processor time left', async () => {
  const health = Array.from({ length: 9 }, (_, at): JournalEvent => ({
    type: 'health',
    t: 13_000 + at * 1000,
    role: 'saturation',
    cpu: 0.98,
    loopDelayMax: 5,
  }))
  expect(await findingOf(above, crowded({ second: () => ({ ok: [80, 60] }), also: health }))).toMatchObject({
    result: 'inconclusive',
    cause: 'harness_unhealthy',
  })
})

it('excuses the seconds that a stall touched, and no others', async () => {
  const stalled = (seconds: number) =>
    Array.from({ length: seconds }, (_, at): JournalEvent => ({
      type: 'health',
      t: 14_000 + at * 1000,
      role: 'saturation',
      cpu: 0.4,
      loopDelayMax: 300,
    }))
  const slow = (seconds: number) => crowded({ second: () => ({ ok: [80, 60] }), also: stalled(seconds) })
  expect(await findingOf(above, slow(0))).toMatchObject({ result: 'fail' })
  expect(await findingOf(above, slow(8))).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
})

it('is refused where the plan saturates too few seconds', () => {
  const { plan } = serving(1)
  const short = {
    ...plan,
    phases: plan!.phases!.map((phase) => (phase.saturation ? Object.assign({}, phase, { startMs: 19_000 }) : phase)),
  }
  expect(knownCriterion(above).check(planOf([], short))).toEqual([
    { message: expect.stringContaining('takes 6 s of saturation, and the plan has 3') },
  ])
  expect(knownCriterion(above).check(planOf([], plan))).toEqual([])
})

it('is written as a number, or as a share of another phase', () => {
  expect(builders.saturation().throughputAbove(100).criterion).toEqual(above)
  expect(builders.saturation().during('crowd').throughputAbove('80%', { of: 'steady' }).criterion).toEqual({
    kind: 'throughput_above',
    during: ['crowd'],
    above: 0.8,
    of: 'steady',
  })
})
