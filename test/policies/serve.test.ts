import { describe, expect, it } from 'vitest'
import { type VirtualClock, virtualClock } from '../../src/kernel/virtual-clock.ts'
import { drive } from '../../src/policies/drive.ts'
import type { CacheableRequest } from '../../src/policies/fallback/fallback.ts'
import { serve, type Served } from '../../src/policies/serve.ts'
import type { UpstreamPoliciesInput } from '../../src/policies/settings.ts'
import type { Reply, ScriptedAttempt } from './scripted-attempt.ts'
import { GET, type World, world } from './world.ts'

interface Serving {
  served: Served<string> | undefined
  /** All attempts, in the order of their beginning. */
  attempts: ScriptedAttempt[]
  chosen: ScriptedAttempt | undefined
  abort: () => void
}

/** Two upstreams on one clock: gemini, with `settings`, and auphonic, its stand-in. */
interface Pair {
  clock: VirtualClock
  gemini: World
  auphonic: World
  ask: () => Serving
}

const route = { fallback: { kind: 'route', upstream: 'auphonic' } } as const
const key = { exact: '/models', place: '/models' }
const cacheable: CacheableRequest<string> = { key, onlyKept: false, selects: () => true, reuse: (kept) => kept }
const HANG: Reply = { after: Number.POSITIVE_INFINITY }

function pair(settings: UpstreamPoliciesInput, reply: Reply, standIn: Reply = {}, standInSettings: UpstreamPoliciesInput = {}): Pair {
  const clock = virtualClock()
  const gemini = world(settings, () => reply, { clock })
  const auphonic = world(standInSettings, () => standIn, { clock, name: 'auphonic' })
  const ask = (): Serving => {
    const serving: Serving = { served: undefined, attempts: [], chosen: undefined, abort: () => driven.abort() }
    const openers = { gemini: gemini.opener(), auphonic: auphonic.opener() }
    const driven = drive(serve(gemini.stack, auphonic.stack, { ...GET, cacheable }), {
      clock,
      open(effect, listener) {
        const attempt = openers[effect.upstream as keyof typeof openers](effect, listener) // there are two
        serving.attempts.push(attempt)
        return attempt
      },
      ended: (served, chosen) => void Object.assign(serving, { served, chosen }),
    })
    return serving
  }
  return { clock, gemini, auphonic, ask }
}

/** What one request ends in. */
function ending(settings: UpstreamPoliciesInput, reply: Reply): Serving {
  const { ask, clock } = pair(settings, reply)
  return ended(ask, clock)
}

describe('a request without a fallback', () => {
  it.each<[string, UpstreamPoliciesInput, Reply, object]>([
    ['a good answer', {}, {}, { source: 'upstream', outcome: 'ok', reason: 'none', attempts: 1 }],
    ["an answer that is the caller's error", {}, { status: 404 }, { source: 'upstream', outcome: 'upstream_error', reason: 'none' }],
    [
      "the upstream's own error",
      { retry: { attempts: 2, base: 1 } },
      { status: 503 },
      { source: 'upstream', outcome: 'upstream_error', reason: 'upstream_status', attempts: 2 },
    ],
    ['a refusal after a timeout', {}, HANG, { source: 'none', outcome: 'timeout', reason: 'timeout', why: 'no_retry' }],
    [
      'a refusal at the deadline',
      { timeout: { attempt: 100, total: 150 }, retry: { base: 100, jitter: 'none' } },
      HANG,
      { source: 'none', outcome: 'timeout', reason: 'deadline', why: 'deadline' },
    ],
    [
      'a refusal after a refused connection',
      {},
      { error: 'refused' },
      { source: 'none', outcome: 'connection_error', reason: 'connection_error' },
    ],
    [
      'a refusal after an answer that broke off',
      {},
      { error: 'cut' },
      { source: 'none', outcome: 'connection_error', reason: 'body_broken' },
    ],
    [
      'a refusal for want of descriptors, of which the breaker hears nothing',
      { breaker: { failures: 1 }, retry: { attempts: 2, base: 1 } },
      { error: 'refused', ours: 'shortage' },
      { source: 'none', outcome: 'shed', reason: 'shortage', attempts: 2 },
    ],
    [
      'a refusal of what cannot be sent, of which the breaker hears nothing',
      { breaker: { failures: 1 }, retry: { attempts: 2, base: 1 } },
      { error: 'refused', ours: 'unsendable' },
      { source: 'none', outcome: 'refused', reason: 'internal', attempts: 2 },
    ],
  ])('ends in %s', (_what, settings, reply, expected) => {
    expect(ending(settings, reply).served).toMatchObject(expected)
  })

  it('is refused while the breaker is open, and told how long to wait', () => {
    const { ask, clock } = pair({ breaker: { failures: 1, recovery: 1000, recoveryJitter: 0 } }, { status: 503 })
    ask()
    clock.advance(10)
    expect(ask().served).toEqual({
      source: 'none',
      outcome: 'rejected',
      reason: 'circuit_open',
      attempts: 0,
      retryAfterMs: 990,
      why: undefined,
    })
  })

  it('hands on the answer of the last attempt, and gives up the others', () => {
    const { attempts, chosen } = ending({ retry: { attempts: 3, base: 1 } }, { status: 503 })
    expect(attempts.map(({ givenUp }) => givenUp)).toEqual([true, true, false])
    expect(chosen).toBe(attempts[2])
  })
})

describe('a fallback', () => {
  it('F01 gives an older answer with its age, and the reason why it was needed', () => {
    const { gemini, ask, clock } = pair({ fallback: 'cached' }, { status: 503 })
    gemini.stack.fallback.remember(cacheable, { response: 'an older answer', bytes: 1, usableMs: 1000, tookMs: 0 })
    clock.advance(40)
    const { served: result, attempts } = ended(ask, clock)
    expect(result).toEqual({
      source: 'cached',
      outcome: 'fallback',
      reason: 'upstream_status',
      attempts: 1,
      substitute: { use: 'cached', response: 'an older answer', ageMs: 40 },
    })
    expect(attempts[0]!.givenUp).toBe(true)
  })

  it('asks nobody for a client that wants a kept answer or none', () => {
    const { gemini, clock } = pair({ fallback: 'cached' }, {})
    const request = { ...GET, cacheable: { ...cacheable, onlyKept: true } }
    const asked = () => serve(gemini.stack, undefined, request).next()
    expect(asked()).toMatchObject({ done: true, value: { source: 'none', reason: 'only_if_cached', outcome: 'refused', attempts: 0 } })
    gemini.stack.fallback.remember(cacheable, { response: 'an older answer', bytes: 1, usableMs: 1000, tookMs: 0 })
    clock.advance(40)
    expect(asked()).toMatchObject({
      done: true,
      value: { source: 'cached', reason: 'only_if_cached', attempts: 0, substitute: { ageMs: 40 } },
    })
    expect(gemini.hits).toEqual([])
  })

  it('gives the static answer after a failure, and none after a success', () => {
    const fallback = { kind: 'static', body: 'sorry' } as const
    expect(ending({ fallback }, { error: 'reset' }).served).toMatchObject({ source: 'static', reason: 'connection_error' })
    expect(ending({ fallback }, {}).served).toMatchObject({ source: 'upstream', outcome: 'ok' })
  })

  it('leaves the error where nothing is kept', () => {
    expect(ending({ fallback: 'cached' }, { status: 503 }).served).toMatchObject({ source: 'upstream', reason: 'upstream_status' })
  })
})

describe('a stand-in', () => {
  it("answers in the upstream's place, and says why", () => {
    const { ask, clock } = pair(route, { status: 503 })
    const { served: result, chosen, attempts } = ended(ask, clock)
    expect(result).toMatchObject({ source: 'route', outcome: 'fallback', reason: 'upstream_status', attempts: 1 })
    expect(chosen).toBe(attempts[1])
    expect(attempts[0]!.givenUp).toBe(true)
  })

  it('that fails too leaves the first error, whose answer was not given up meanwhile', () => {
    const { ask, clock } = pair(route, { status: 500 }, { after: 100, status: 503 })
    const { served: result, chosen, attempts } = ended(ask, clock)
    expect(result).toMatchObject({ source: 'upstream', outcome: 'upstream_error', reason: 'upstream_status' })
    expect(chosen).toBe(attempts[0])
    expect(attempts.map(({ givenUp }) => givenUp)).toEqual([false, true])
  })

  it('that fails too leaves a refusal when the first error has broken off meanwhile', () => {
    const { ask, clock } = pair(route, { status: 500, body: { after: 50, end: 'broken' } }, { after: 100, status: 503 })
    expect(ended(ask, clock).served).toMatchObject({ source: 'none', outcome: 'connection_error', reason: 'body_broken', attempts: 1 })
  })

  it('is asked without a fallback of its own', () => {
    const { ask, clock } = pair(route, { error: 'refused' }, { error: 'refused' }, { fallback: { kind: 'static', body: 'sorry' } })
    expect(ended(ask, clock).served).toMatchObject({ source: 'none', reason: 'connection_error' })
  })

  it('is left when the client leaves, and both upstreams get everything back', () => {
    const policies = { breaker: {}, bulkhead: {} }
    const { ask, clock, gemini, auphonic } = pair({ ...policies, ...route }, { status: 503 }, HANG, policies)
    const left = ask()
    clock.advance(10)
    left.abort()
    expect(left.served).toEqual({ source: 'none', outcome: 'client_gone', reason: 'none', attempts: 1 })
    expect([gemini, auphonic].map(({ busy, stack }) => [busy.now, stack.snapshot().bulkhead?.inUse])).toEqual([
      [0, 0],
      [0, 0],
    ])
    expect(auphonic.stack.snapshot().breaker?.totals).toMatchObject({ admitted: 1, neutral: 1 })
  })
})

function ended(ask: () => Serving, clock: VirtualClock): Serving {
  const asked = ask()
  clock.advance(60_000)
  return asked
}
