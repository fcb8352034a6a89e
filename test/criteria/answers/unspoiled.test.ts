import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import type { DepartureEvent } from '../../../src/evidence/events.ts'
import { type Answer, type Story, findingOf, ok } from '../../judge/history.ts'

const unspoiled: Criterion = { kind: 'answers_unspoiled', upstream: 'gemini' }

const broken: Partial<DepartureEvent> = { whole: false }
const every10th = (answer: Answer): Story => ({ gemini: (_, index) => (index % 10 === 0 ? answer : ok), breaker: [], plan: { faults: [] } })

it('passes a gateway that says that it failed, and one that tries again', async () => {
  const failed = every10th({ ...ok, outcome: 'connection_error', departures: [broken] })
  expect(await findingOf(unspoiled, failed)).toMatchObject({
    result: 'pass',
    measured: 0,
    why: expect.stringContaining('none of them made') as string,
  })
  expect(await findingOf(unspoiled, every10th({ ...ok, attempts: 2, departures: [broken, {}] }))).toMatchObject({ result: 'pass' })
})

it('passes a gateway that breaks off as well, or hands on what a client sees to be damaged', async () => {
  expect(await findingOf(unspoiled, every10th({ ...ok, outcome: 'damaged', departures: [broken] }))).toMatchObject({ result: 'pass' })
})

it('fails one that makes a whole answer of half a body (J1)', async () => {
  expect(await findingOf(unspoiled, every10th({ ...ok, departures: [broken] }))).toMatchObject({
    result: 'fail',
    cause: 'damaged_body',
    why: expect.stringContaining('got a whole answer of one that gemini had broken off') as string,
  })
})

it('fails one that puts half a body in the frame of a whole one, though it no longer parses', async () => {
  const half = every10th({
    ...ok,
    outcome: 'damaged',
    answered: 200,
    client: { error: 'not_json' },
    departures: [{ ...broken, brokenOff: true }],
  })
  expect(await findingOf(unspoiled, half)).toMatchObject({ result: 'fail', cause: 'damaged_body' })
  const handedOn = every10th({ ...ok, outcome: 'damaged', answered: 200, client: { error: 'not_json' }, departures: [broken] })
  expect(await findingOf(unspoiled, handedOn)).toMatchObject({ result: 'pass' })
})

it('takes a body that does not parse for that of the attempt that it is of, not of one that broke off before and was tried again', async () => {
  const cut: Partial<DepartureEvent> = { ...broken, brokenOff: true, length: 80, checksum: '0000aaaa' }
  const garbage: Partial<DepartureEvent> = { ...broken, length: 162, checksum: '0000bbbb' }
  const got = (client: object, ...departures: Partial<DepartureEvent>[]): Story =>
    every10th({ ...ok, outcome: 'damaged', answered: 200, attempts: 2, client: { error: 'not_json', ...client }, departures })
  const ofGarbage = { length: 162, checksum: '0000bbbb' }
  const ofCut = { length: 80, checksum: '0000aaaa' }
  expect(await findingOf(unspoiled, got(ofGarbage, cut, garbage))).toMatchObject({ result: 'pass' })
  expect(await findingOf(unspoiled, got({}, cut, garbage))).toMatchObject({ result: 'pass' })
  expect(await findingOf(unspoiled, got(ofCut, cut, garbage))).toMatchObject({ result: 'fail', cause: 'damaged_body' })
  expect(await findingOf(unspoiled, got(ofCut, garbage, cut))).toMatchObject({ result: 'fail', cause: 'damaged_body' })
})

it('fails one that makes a whole answer of what had come when it gave a stalled answer up', async () => {
  const half = { length: 150, checksum: '0000abcd' }
  const stalled = every10th({ ...ok, client: half, departures: [{ ...half, whole: false, clientGone: true }] })
  expect(await findingOf(unspoiled, stalled)).toMatchObject({ result: 'fail', cause: 'damaged_body' })
})

it('knows nothing where the gateway only gave up waiting', async () => {
  const late = every10th({ ...ok, outcome: 'timeout', departures: [{ status: 0, clientGone: true, whole: false }] })
  expect(await findingOf(unspoiled, late)).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
})

it('knows nothing where every answer was whole', async () => {
  expect(await findingOf(unspoiled, every10th(ok))).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
})

it('knows nothing where attempts carry no id of their clients', async () => {
  const hidden: Story = {
    gemini: () => ({ ...ok, anonymous: true, departures: [broken], outcome: 'connection_error' }),
    breaker: [],
    perSecond: 200,
  }
  expect(await findingOf(unspoiled, hidden)).toMatchObject({
    result: 'inconclusive',
    why: expect.stringContaining('x-request-id') as string,
  })
})
