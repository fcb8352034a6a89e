import { expect, it } from 'vitest'
import { checksumNumber, checksumText } from '../../../../src/contract/body-checksum.ts'
import type { DepartureEvent, RequestEvent } from '../../../../src/evidence/events.ts'
import { AnswersInFlight } from '../../../../src/evidence/fold/joining/answers-in-flight.ts'
import { DEPARTURE_SLACK_MS } from '../../../../src/evidence/trace.ts'
import type { Plan } from '../../../../src/plan/plan.ts'
import { planOf } from '../../../judge/history.ts'

const base = planOf()
const TIMEOUT = 2000
const plan: Plan = { ...base, load: { ...base.load, timeoutMs: TIMEOUT, mix: [{ ...base.load.mix[0]!, method: 'GET' }] } }

/** The answer that ends `t` milliseconds in: every one another body. */
const answered = (t: number): DepartureEvent => ({
  type: 'departure',
  t,
  upstream: 'gemini',
  ordinal: t,
  clientGone: false,
  whole: true,
  status: 200,
  length: 100,
  checksum: checksumText(t),
})

/** Whether a request from `sent` to `t` shared the answer that ended at `end`. */
function sharedBy(answers: AnswersInFlight, end: number, [sent, t]: [number, number], changes: Partial<RequestEvent> = {}): boolean {
  const request = {
    type: 'request',
    id: 'x',
    index: 0,
    due: sent,
    sent,
    t,
    route: 'read',
    method: 'GET',
    outcome: 'ok',
    status: 200,
  } as const
  const body = { length: 100, checksum: checksumText(end) }
  return answers.isShared({ request: { ...request, ...body, ...changes }, index: 0, route: 0, phase: 0, attempts: [], heads: [] })
}

it('knows each answer as long as a client may have waited for it, however many there are', () => {
  const answers = new AnswersInFlight(plan)
  // Few, then many, then few again: more than the first room, than what is kept has, and than what is left.
  const every = (t: number): number => (t > 5000 && t < 20_000 ? 3 : 250)
  const ends: number[] = []
  const missed: [end: number, at: number][] = []
  let oldest = 0
  for (let t = 0; t < 60_000; t += every(t)) {
    const event = answered(t)
    answers.departure(event, 0, checksumNumber(event.checksum!))
    ends.push(t)
    while (ends[oldest]! < t - TIMEOUT) oldest++
    for (const end of [ends[oldest]!, t]) if (!sharedBy(answers, end, [end, t])) missed.push([end, t])
  }
  expect(ends.length).toBeGreaterThan(5000)
  expect(missed).toEqual([])
})

it('takes no answer for shared that ended before the request, after it, or with another body', () => {
  const answers = new AnswersInFlight(plan)
  for (const t of [1000, 2000, 9000]) answers.departure(answered(t), 0, checksumNumber(checksumText(t)))
  expect(sharedBy(answers, 2000, [1500, 2100])).toBe(true)
  expect(sharedBy(answers, 2000, [2001, 2100])).toBe(false)
  expect(sharedBy(answers, 9000, [1500, 9000 - DEPARTURE_SLACK_MS - 1])).toBe(false)
  expect(sharedBy(answers, 3000, [1500, 9000])).toBe(false)
  expect(sharedBy(answers, 2000, [1500, 2100], { length: 99 })).toBe(false)
  expect(sharedBy(answers, 2000, [1500, 2100], { status: 404 })).toBe(false)
})
