import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { LoadEvent, RequestEvent } from '../../../../src/evidence/events.ts'
import type { Clock, Ms } from '../../../../src/kernel/clock.ts'
import { type VirtualClock, virtualClock } from '../../../../src/kernel/virtual-clock.ts'
import { arrivals } from '../../../../src/plan/arrivals.ts'
import type { PlannedLoad } from '../../../../src/plan/plan.ts'
import type { Ending, GivenUp } from '../../../../src/stage/live/load/classify.ts'
import { type LoadPlan, startLoad } from '../../../../src/stage/live/load/generator.ts'
import type { Wire, WireRequest } from '../../../../src/stage/live/load/wire.ts'
import { propertyRuns } from '../../../property-runs.ts'

const ORIGIN: Ms = 500
const OK: Ending = { is: 'answered', status: 200, headers: {} }

type Changes = { rate?: number; span?: Ms; seed?: number } & Partial<Omit<PlannedLoad, 'rate'>>

function planOf({ rate = 100, span = 1000, seed = 1, ...load }: Changes = {}): LoadPlan {
  const route = { weight: 1, headers: {}, method: 'GET', bodies: [] }
  return {
    seed,
    phases: [{ name: 'all', startMs: 0, endMs: span, warmUp: false, expected: 0 }],
    load: {
      arrivals: 'constant',
      rate: [{ fromMs: 0, toMs: span, startPerSecond: rate, endPerSecond: rate }],
      mix: [
        { ...route, route: 'a', reaches: [{ upstream: 'gemini' }], paths: ['/gemini/a', '/gemini/b', '/gemini/c'] },
        { ...route, route: 'b', reaches: [{ upstream: 'jira' }], paths: ['/jira/d'] },
      ],
      timeoutMs: 300,
      ...load,
    },
  }
}

/** Answers each request after `delayOf` it; undefined: never. */
function play(plan: LoadPlan, delayOf: (request: WireRequest) => Ms | undefined, pacedBy: (clock: VirtualClock) => Clock = (same) => same) {
  const clock = virtualClock(0)
  const sent: (WireRequest & { at: Ms })[] = []
  const givenUp: GivenUp[] = []
  const wire: Wire = {
    send(request, ended) {
      sent.push({ ...request, at: clock.now() })
      const delay = delayOf(request)
      const cancel = delay === undefined ? () => {} : clock.after(delay, () => ended(OK))
      return (code) => {
        cancel()
        givenUp.push(code)
        ended({ is: 'given_up', status: 0, code })
      }
    },
    close: () => Promise.resolve(),
  }
  const requests: RequestEvent[] = []
  const loads: LoadEvent[] = []
  const load = startLoad(plan, 'run', ORIGIN, {
    clock: pacedBy(clock),
    wire,
    // As it is written: what is told of the last second is worked out then.
    write: (event) => void (event.type === 'request' ? requests.push(event) : loads.push(JSON.parse(JSON.stringify(event)) as LoadEvent)),
  })
  return { clock, sent, givenUp, requests, loads, load }
}

const neverAnswers = (): undefined => undefined
const withIn10ms = (): Ms => 10

it('sends every request when it is due although none is answered', () => {
  const plan = planOf({ timeoutMs: 60_000 })
  const { clock, sent, requests } = play(plan, neverAnswers)
  clock.advance(ORIGIN + 1000)
  expect(requests).toEqual([])
  expect(sent.map(({ at }) => at)).toEqual(Array.from(arrivals(plan), ({ dueMs }) => expect.closeTo(ORIGIN + dueMs, 6)))
  expect(sent).toHaveLength(100)
})

it('writes one event for each request, with latency from due', () => {
  const { clock, requests } = play(planOf({ rate: 10 }), withIn10ms)
  clock.advance(5000)
  expect(requests).toHaveLength(10)
  expect(requests[0]).toEqual({
    type: 'request',
    t: ORIGIN + 60,
    id: 'run-0',
    index: 0,
    due: ORIGIN + 50,
    sent: ORIGIN + 50,
    route: expect.stringMatching(/a|b/),
    method: 'GET',
    outcome: 'ok',
    status: 200,
  })
})

// A stall of the generator itself: no callback runs until it is over.
function stalledUntil(end: Ms): (clock: VirtualClock) => Clock {
  return (clock) => ({
    now: () => clock.now(),
    after: (delay, fn) => clock.after(Math.max(delay, end - clock.now()), fn),
    sleep: (delay, signal) => clock.sleep(delay, signal),
  })
}

it('catches up after a stall of its own: nothing is lost, and the lateness is on record and in the latency', () => {
  const plan = planOf({ timeoutMs: 60_000, rate: 1000 })
  const { clock, requests, sent } = play(plan, withIn10ms, stalledUntil(ORIGIN + 600))
  clock.advance(5000)
  expect(requests.map(({ index }) => index)).toEqual(Array.from(arrivals(plan), ({ index }) => index))
  expect(sent.filter(({ at }) => at === ORIGIN + 600)).toHaveLength(600)
  expect(requests[0]).toMatchObject({ due: ORIGIN + 0.5, sent: ORIGIN + 600, t: ORIGIN + 610 })
})

it('gives a request up when its time is over, counted from due', () => {
  const { clock, requests, givenUp } = play(planOf({ rate: 10 }), neverAnswers)
  clock.advance(5000)
  expect(givenUp).toEqual(Array.from({ length: 10 }, () => 'client_timeout'))
  expect(requests.map(({ t, due }) => t - due)).toEqual(Array.from({ length: 10 }, () => expect.closeTo(300, 6)))
  expect(new Set(requests.map(({ outcome }) => outcome))).toEqual(new Set(['client_timeout']))
})

it('reports each second what was due, sent and ended so far, and a last time when all is over', () => {
  const { clock, loads } = play(planOf({ rate: 10, span: 2000, timeoutMs: 60_000 }), () => 700)
  clock.advance(ORIGIN + 1000)
  const p95 = expect.closeTo(700, 6) as number
  const last = { outcomes: { ok: 3 }, p95 }
  expect(loads).toEqual([{ type: 'load', t: ORIGIN + 1000, due: 10, sent: 10, ended: 3, inFlight: 7, last }])
  clock.advance(5000)
  expect(loads.at(-1)).toMatchObject({ t: ORIGIN + 1950 + 700, due: 20, sent: 20, ended: 20, inFlight: 0 })
  expect(loads.map(({ last: recent }) => recent)).toEqual([last, { outcomes: { ok: 10 }, p95 }, { outcomes: { ok: 7 }, p95 }])
})

it('is done when the last request has ended, and leaves no timer', async () => {
  const { clock, load } = play(planOf(), withIn10ms)
  clock.advance(10_000)
  await load.done
  expect(clock.pending).toBe(0)
})

it('is done at once when the plan has no arrivals', async () => {
  const { clock, load, loads } = play(planOf({ rate: 0 }), withIn10ms)
  await load.done
  expect(loads).toEqual([{ type: 'load', t: 0, due: 0, sent: 0, ended: 0, inFlight: 0, last: { outcomes: {}, p95: null } }])
  expect(clock.pending).toBe(0)
})

it('sends nothing after a halt, and gives up what is still in flight after the grace', async () => {
  const plan = planOf({ rate: 100, timeoutMs: 60_000 })
  const { clock, sent, requests, givenUp, load } = play(plan, ({ path }) => (path.startsWith('/jira') ? 20 : undefined))
  clock.advance(ORIGIN + 500)
  load.halt(50)
  clock.advance(50)
  await load.done
  expect(sent).toHaveLength(50)
  expect(requests).toHaveLength(50)
  expect(requests.filter(({ outcome }) => outcome === 'ok').every(({ route }) => route === 'b')).toBe(true)
  expect(givenUp).toEqual(requests.filter(({ route }) => route === 'a').map(() => 'halted'))
  clock.advance(5000)
  expect(sent).toHaveLength(50)
  expect(clock.pending).toBe(0)
})

it('sends the same requests at the same times for the same seed, whatever the answers', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 2000 }), (seed, delay) => {
      const plan = planOf({ seed, arrivals: 'poisson' })
      const quick = play(plan, () => 1)
      const slow = play(plan, () => delay)
      quick.clock.advance(5000)
      slow.clock.advance(5000)
      expect(slow.sent.length).toBeGreaterThan(0)
      expect(slow.sent.map(({ path, headers }) => [path, headers])).toEqual(quick.sent.map(({ path, headers }) => [path, headers]))
      expect(slow.sent.map(({ at }) => at)).toEqual(quick.sent.map(({ at }) => at))
    }),
    { numRuns: propertyRuns(0.03) },
  )
})

it('sends other requests for another seed', () => {
  const paths = [1, 2].map((seed) => {
    const { clock, sent } = play(planOf({ seed }), withIn10ms)
    clock.advance(5000)
    return sent.map(({ path }) => path).join()
  })
  expect(paths[0]).not.toBe(paths[1])
})
