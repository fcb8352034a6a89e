// A policy that throws: whoever waits hears of it at once, and nothing that the call held is lost.
import { expect, it, vi } from 'vitest'
import { seededRandom } from '../../src/kernel/random.ts'
import { virtualClock } from '../../src/kernel/virtual-clock.ts'
import { call } from '../../src/policies/call.ts'
import { drive } from '../../src/policies/drive.ts'
import { createPolicySet, type PolicySet } from '../../src/policies/policy-set.ts'
import { parsePolicies, type UpstreamPoliciesInput } from '../../src/policies/settings.ts'
import { type Reply, ScriptedAttempt } from './scripted-attempt.ts'
import { GET } from './world.ts'

const HANG: Reply = { after: Number.POSITIVE_INFINITY }
const SETTINGS: UpstreamPoliciesInput = {
  breaker: { failures: 2, recovery: 1000, recoveryJitter: 0, probes: 1 },
  bulkhead: { concurrent: 2 },
  retry: { attempts: 3, base: 1 },
  hedge: { after: 10 },
}

const planted = new Error('a defect of a policy')
const throwing = (): never => {
  throw planted
}

/** Makes calls through policies of which one may be defective, and says what they still hold. */
function rig(reply: Reply, plant: (set: PolicySet) => void) {
  const clock = virtualClock()
  const set = createPolicySet('gemini', parsePolicies('a test', SETTINGS), { clock, random: seededRandom(7) })
  const busy = { now: 0, most: 0 }
  const replies = { next: reply }
  const make = (): string[] => {
    const ends: string[] = []
    const failed = (error: unknown): void => void ends.push(error === planted ? 'defect' : String(error))
    drive(call(set, GET), {
      clock,
      open: (effect, listener) => new ScriptedAttempt(effect, replies.next, { clock, busy }, listener),
      ended: ({ is }) => void ends.push(is),
      failed,
    })
    return ends
  }
  const held = (): object => ({
    working: busy.now,
    slots: set.limits.bulkhead!.inUse,
    retries: set.retry!.budget!.active,
    timers: clock.pending,
  })
  return { clock, set, replies, make, held, plant: () => plant(set) }
}

const NOTHING = { working: 0, slots: 0, retries: 0, timers: 0 }

it.each<[string, Reply, (set: PolicySet) => void]>([
  ['while it plans a retry', { status: 503, after: 5 }, (set) => Object.assign(set.retry!, { plan: throwing })],
  ['while it counts an outcome', { after: 5 }, (set) => Object.assign(set.breaker!, { record: throwing })],
  ['while it hedges', HANG, (set) => Object.assign(set.retry!.budget!, { tryRetry: throwing })],
  ['while two attempts are under way', { status: 503, after: 15 }, (set) => Object.assign(set.retry!.budget!, { ended: throwing })],
])('a call whose policy throws %s fails at once, and holds nothing', (_when, reply, defect) => {
  const { clock, make, held, plant } = rig(reply, defect)
  plant()
  const ends = make()
  clock.advance(100)
  expect(ends).toEqual(['defect'])
  expect(held()).toEqual(NOTHING)
})

it('gives a probe back whose call failed by a defect: the next probe is let through at once', () => {
  const { clock, set, replies, make, held } = rig({ status: 503, after: 5 }, () => {})
  make()
  clock.advance(100)
  expect(set.breaker!.snapshot(clock.now()).state).toBe('open')
  clock.advance(2000)
  replies.next = { after: 5 }
  const budget = set.retry!.budget!
  const spy = vi.spyOn(budget, 'ended').mockImplementation(throwing)
  const first = make()
  clock.advance(10)
  expect([first, held()]).toEqual([['defect'], NOTHING])
  spy.mockRestore()
  const second = make()
  clock.advance(10)
  expect(second).toEqual(['answered'])
  expect(set.breaker!.snapshot(clock.now()).state).toBe('closed')
})
