import { describe, expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import type { PlannedFault } from '../../../src/plan/plan.ts'
import { type Answer, type Story, findingOf, ok } from '../../judge/history.ts'
import { left, story } from './leaving.ts'

const ends: Criterion = { kind: 'work_ends_with_client', upstream: 'gemini', withinMs: 500 }

it('passes a gateway that ends its attempts when the client leaves', async () => {
  expect(await findingOf(ends, story(30))).toMatchObject({
    result: 'pass',
    why: expect.stringMatching(/^\d+ attempts ended soon after the client was gone/),
  })
})

it('passes a gateway that lets a short call end for nobody', async () => {
  const finished = story(200, (answer) => ({
    ...answer,
    departures: [{ ...answer.departures![0], status: 200, clientGone: false, whole: true }],
  }))
  expect(await findingOf(ends, finished)).toMatchObject({ result: 'pass' })
})

it('fails a gateway that goes on for a client that has left', async () => {
  expect(await findingOf(ends, story(3000))).toMatchObject({
    result: 'fail',
    cause: 'abandoned_work',
    measured: expect.closeTo(3000, -1),
    why: expect.stringMatching(
      /^\d+ of \d+ attempts went on for 500 ms or longer when the client was gone; the longest, of r7-\w+, for 3 s at /,
    ),
  })
})

it('holds nothing against a gateway whose clients left because the run was stopped', async () => {
  const stopped = story(3000, (answer) => ({ ...answer, client: { error: 'halted' } }))
  expect(await findingOf(ends, stopped)).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
})

it('fails a gateway that answers its client in time and leaves the attempt behind', async () => {
  const behind = (dueMs: number): Answer => ({
    ...ok,
    outcome: 'timeout',
    departures: [{ t: dueMs + 4000, clientGone: true, whole: false, status: 0 }],
  })
  expect(
    await findingOf(ends, { gemini: (dueMs, index) => (index % 20 === 0 ? behind(dueMs) : ok), breaker: [], plan: { faults: [] } }),
  ).toMatchObject({
    result: 'fail',
    cause: 'abandoned_work',
  })
})

it('fails a gateway that tries again for a client that has left', async () => {
  const again = (dueMs: number): Answer => ({
    ...left(dueMs, 10),
    attempts: 2,
    arrivals: [{}, { t: dueMs + 1800 }],
    departures: [{ t: dueMs + 900 }, { t: dueMs + 1850, status: 200, whole: true }],
  })
  expect(
    await findingOf(ends, { gemini: (dueMs, index) => (index % 20 === 0 ? again(dueMs) : ok), breaker: [], plan: { faults: [] } }),
  ).toMatchObject({
    result: 'fail',
  })
})

describe('it cannot tell', () => {
  it('when no client left while the upstream worked', async () => {
    expect(await findingOf(ends, { gemini: () => ok, breaker: [], plan: { faults: [] } })).toMatchObject({
      result: 'inconclusive',
      cause: 'no_samples',
      why: expect.stringContaining('load.timeout'),
    })
  })

  it('whose attempts they are without request ids', async () => {
    const anonymous: Story = { gemini: (dueMs) => ({ ...left(dueMs, 3000), anonymous: true }), breaker: [], plan: { faults: [] } }
    expect(await findingOf(ends, anonymous)).toMatchObject({ result: 'inconclusive', why: expect.stringContaining('x-request-id') })
  })

  it('of the attempts whose ids are hidden, beside others that end in time', async () => {
    const some: Story = {
      ...story(30),
      gemini: (dueMs, index) => (index % 20 === 0 ? left(dueMs, 30) : index % 20 === 10 ? { ...left(dueMs, 8000), anonymous: true } : ok),
      perSecond: 200,
    }
    expect(await findingOf(ends, some)).toMatchObject({ result: 'inconclusive', why: expect.stringContaining('x-request-id') })
  })

  it('where the network may have held the ends back', async () => {
    const fault: PlannedFault = {
      id: 'F1',
      phase: 'outage',
      startMs: 12_000,
      endMs: 22_000,
      upstream: 'gemini',
      fault: { made: 'network', is: 'toxic', toxic: { type: 'timeout', attributes: { timeout: 0 } }, stream: 'upstream', toxicity: 1 },
    }
    expect(await findingOf({ ...ends, during: ['outage'] }, { ...story(3000), plan: { faults: [fault] } })).toMatchObject({
      result: 'inconclusive',
      cause: 'attempts_unseen',
      why: expect.stringMatching(/^F1 may have kept the ends of attempts from gemini/),
    })
  })

  it('but not where the network holds back what the store of the gateway is told', async () => {
    const onStore: PlannedFault = {
      id: 'F1',
      phase: 'outage',
      startMs: 12_000,
      endMs: 22_000,
      fault: { made: 'network', role: 'redis', is: 'down' },
    }
    const { why } = await findingOf({ ...ends, during: ['outage'] }, { ...story(30), plan: { faults: [onStore] } })
    expect(why).not.toContain('F1 may have kept')
  })
})
