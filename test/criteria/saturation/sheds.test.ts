import { expect, it } from 'vitest'
import { type Criterion, builders, knownCriterion } from '../../../src/criteria/criteria.ts'
import type { JournalEvent } from '../../../src/evidence/events.ts'
import { evidenceOf, findingOf, planOf } from '../../judge/history.ts'
import { type Answered, crowded } from './crowds.ts'

const sheds: Criterion = { kind: 'sheds_rather_than_collapses', servedWithinMs: 400, refusedWithinMs: 250 }

const shedding = (): Answered => ({ ok: [150, 60], shed: [2000, 40] })

it('passes a gateway that serves quickly what it lets in, and refuses the others at once', async () => {
  expect(await findingOf(sheds, crowded({ second: shedding, waiting: [30, 50] }))).toMatchObject({
    result: 'pass',
    measured: 4,
    bound: 4,
    window: { phases: ['outage'] },
  })
})

it.each(['limited', 'rejected', 'fallback'] as const)('takes an answer that is %s for a refusal', async (outcome) => {
  expect(await findingOf(sheds, crowded({ second: () => ({ ok: [150, 60], [outcome]: [2000, 40] }) }))).toMatchObject({ result: 'pass' })
})

it('fails a gateway that lets everybody in and serves them late', async () => {
  expect(await findingOf(sheds, crowded({ second: () => ({ ok: [160, 625] }) }))).toMatchObject({
    result: 'fail',
    cause: 'collapsed',
    why: expect.stringContaining('promised below 400 ms'),
  })
})

it('fails a gateway whose refusals take as long as an answer would', async () => {
  const finding = await findingOf(sheds, crowded({ second: () => ({ ok: [150, 60], shed: [120, 900] }) }))
  expect(finding).toMatchObject({ result: 'fail', cause: 'collapsed', why: expect.stringContaining('promised below 250 ms') })
})

it('fails a gateway where what is let in fails, however quick and many its refusals are', async () => {
  const finding = await findingOf(sheds, crowded({ second: () => ({ ok: [150, 60], timeout: [10, 300], shed: [20_000, 4] }) }))
  expect(finding).toMatchObject({ result: 'fail', why: expect.stringContaining('let in failed') })
})

it('fails a gateway that leaves connections waiting, of which no share of answers tells', async () => {
  const finding = await findingOf(sheds, crowded({ second: shedding, waiting: Array.from({ length: 50 }, () => 9000) }))
  expect(finding).toMatchObject({ result: 'fail', cause: 'collapsed' })
  expect(finding.why).toContain('50 of 100 connections were left waiting for more than 400 ms')
})

it('fails a gateway that answers nothing at all', async () => {
  const finding = await findingOf(sheds, crowded({ second: () => ({}), waiting: Array.from({ length: 100 }, () => 9000) }))
  expect(finding).toMatchObject({ result: 'fail', cause: 'collapsed' })
})

it('takes refusals of the upstream, which the gateway hands on unmarked, for errors', async () => {
  const story = crowded({ second: () => ({ ok: [150, 60], shed: [20, 20] }), unmarked: 20, also: refusedByGemini(200) })
  expect(await findingOf(sheds, story)).toMatchObject({ result: 'fail', why: expect.stringContaining('let in failed') })
  const own = crowded({ second: () => ({ ok: [150, 60], shed: [20, 20] }), unmarked: 20 })
  expect(await findingOf(sheds, own)).toMatchObject({ result: 'pass' })
})

it('cannot tell when the gateway refused nothing: the crowd may have been too small', async () => {
  expect(await findingOf(sheds, crowded({ second: () => ({ ok: [1500, 60] }) }))).toMatchObject({
    result: 'inconclusive',
    cause: 'too_few_samples',
    why: expect.stringContaining('raise `connections`'),
  })
})

it('cannot tell without a crowd, or when it was there for a part of the phase', async () => {
  expect(await findingOf(sheds, crowded({ second: shedding, seconds: 0 }))).toMatchObject({ result: 'inconclusive' })
  expect(await findingOf(sheds, crowded({ second: shedding, seconds: 5 }))).toMatchObject({
    result: 'inconclusive',
    cause: 'load_not_delivered',
    why: expect.stringContaining('outage was saturated for 5 s of 10 s'),
  })
})

it('blames no gateway for what a crowd without processor time left measured, and believes its pass', async () => {
  const busy = healthOf(0.97)
  expect(await findingOf(sheds, crowded({ second: () => ({ ok: [160, 625] }), also: busy }))).toMatchObject({
    result: 'inconclusive',
    cause: 'harness_unhealthy',
  })
  expect(await findingOf(sheds, crowded({ second: shedding, also: busy }))).toMatchObject({ result: 'pass' })
  expect(await findingOf(sheds, crowded({ second: () => ({ ok: [160, 625] }), also: healthOf(0.4) }))).toMatchObject({ result: 'fail' })
})

it('is refused where nothing is saturated, and where requests are given up before they could be late', () => {
  expect(knownCriterion(sheds).check(planOf())).toEqual([{ message: expect.stringContaining('no phase is saturated') }])
  const { plan } = crowded({ second: shedding })
  expect(knownCriterion({ ...sheds, during: ['steady'] }).check(planOf([], plan))).toEqual([
    { at: 'during', message: 'nothing saturates "steady"; name one of "outage"' },
  ])
  expect(knownCriterion({ ...sheds, servedWithinMs: 10_000 }).check(planOf([], plan))).toEqual([
    { message: expect.stringContaining('cannot fail') },
  ])
})

it('is written as a sentence', () => {
  const { criterion } = builders.saturation().during('outage').shedsRatherThanCollapses({ servedWithin: '400ms' })
  expect(criterion).toEqual({ ...sheds, during: ['outage'] })
})

function healthOf(cpu: number): JournalEvent[] {
  return Array.from({ length: 9 }, (_, at): JournalEvent => ({
    type: 'health',
    t: 13_000 + at * 1000,
    role: 'saturation',
    cpu,
    loopDelayMax: 5,
  }))
}

/** What the fake wrote of requests of the crowd. */
function refusedByGemini(requests: number, idOf = (at: number): string => `r7s-${at.toString(36)}`): JournalEvent[] {
  return Array.from({ length: requests }, (_, at): JournalEvent[] => {
    const each = { upstream: 'gemini', ordinal: 1_000_000 + at }
    return [
      {
        type: 'arrival',
        t: 13_000 + at,
        ...each,
        request: idOf(at),
        attempt: 1,
        concurrent: 1,
        route: 'generate',
        method: 'POST',
        idempotent: false,
        bodyHash: '',
      },
      { type: 'departure', t: 13_001 + at, ...each, status: 503, clientGone: false, whole: true, length: 0 },
    ]
  }).flat()
}

it('keeps what arrives for the crowd apart from what arrives for the plan', async () => {
  const arrivalsOf = async (also: JournalEvent[]): Promise<number> =>
    (await evidenceOf(crowded({ second: shedding, also }))).arrivals.reduce((sum, { count }) => sum + count, 0)
  expect(await arrivalsOf(refusedByGemini(200))).toBe(await arrivalsOf([]))
  // A gateway that does not pass ids on.
  const anonymous = refusedByGemini(200, (at) => `own-${at}`)
  expect(await arrivalsOf(anonymous)).toBe(await arrivalsOf([]))
})
