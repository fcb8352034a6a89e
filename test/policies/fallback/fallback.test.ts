import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../../src/kernel/virtual-clock.ts'
import { Fallback, type CacheableRequest } from '../../../src/policies/fallback/fallback.ts'
import { parsePolicies, type UpstreamPoliciesInput } from '../../../src/policies/settings.ts'
import { world } from '../world.ts'

/** Asks about `place`; takes every answer that was kept under the same `exact` key. */
function request(exact: string, more: Partial<CacheableRequest<string>> & { place?: string } = {}): CacheableRequest<string> {
  const { place = exact, ...rest } = more
  return { key: { exact, place }, onlyKept: false, selects: () => true, reuse: (kept) => kept, ...rest }
}

const answer = (response: string, bytes = 1, usableMs = Number.POSITIVE_INFINITY) => ({ response, bytes, usableMs, tookMs: 0 })

function fallback(written: NonNullable<UpstreamPoliciesInput['fallback']>, clock = virtualClock()): Fallback<string> {
  return new Fallback<string>(parsePolicies('test', { fallback: written }).fallback, clock)
}

describe('a fallback', () => {
  it('F01 answers from the cache with its age, and the failure still counts', () => {
    const { settle, stack, clock } = world({ fallback: 'cached', breaker: { failures: 1 } }, () => ({ status: 503 }))
    stack.fallback.remember(request('/models'), answer('an older answer'))
    clock.advance(40)
    expect(settle({}, 0)).toMatchObject({ is: 'failed' })
    expect(stack.fallback.instead(request('/models'))).toEqual({ use: 'cached', response: 'an older answer', ageMs: 40 })
    expect(stack.snapshot().breaker).toMatchObject({ state: 'open', totals: { failure: 1, success: 0 } })
  })

  it('F03 an answer that blames the caller is an answer, not a failure to be covered', () => {
    expect(world({ fallback: 'cached' }, () => ({ status: 404 })).settle()).toMatchObject({ is: 'answered', outcome: { status: 404 } })
  })

  it('F04 without a fallback there is nothing instead', () => {
    const { stack } = world({})
    stack.fallback.remember(request('/'), answer('x'))
    expect(stack.fallback.kept).toEqual({ answers: 0, bytes: 0 })
    expect(stack.fallback.instead(request('/'))).toEqual({ use: 'none' })
    expect(fallback('none').instead(request('/'))).toEqual({ use: 'none' })
  })

  it('F05 never answers another request, nor one that has no key', () => {
    const cached = fallback('cached')
    cached.remember(request('/a'), answer('a'))
    cached.remember(request('/b', { key: undefined }), answer('b'))
    expect(cached.instead(request('/b'))).toEqual({ use: 'none' })
    expect(cached.instead(request('/a', { key: undefined }))).toEqual({ use: 'none' })
    expect(cached.instead(undefined)).toEqual({ use: 'none' })
    expect(cached.kept).toEqual({ answers: 1, bytes: 1 })
  })

  it('gives what the request makes of the newest answer that it selects, or nothing', () => {
    const cached = fallback('cached')
    const wants = (language: string) => request('/', { selects: (kept) => kept.startsWith(language) })
    for (const text of ['de: eins', 'en: one', 'de: zwei']) cached.remember(wants(text.slice(0, 2)), answer(text))
    expect(cached.kept.answers).toBe(2)
    expect(['de', 'en', 'fr'].map((language) => cached.instead(wants(language)))).toMatchObject([
      { response: 'de: zwei' },
      { response: 'en: one' },
      { use: 'none' },
    ])
    expect(cached.instead(request('/', { reuse: (kept) => kept.toUpperCase() }))).toMatchObject({ response: 'DE: ZWEI' })
    expect(cached.instead(request('/', { reuse: () => undefined }))).toEqual({ use: 'none' })
  })

  it('forgets what is too old', () => {
    const clock = virtualClock()
    const cached = fallback('cached', clock)
    cached.remember(request('/'), answer('old', 1, 1000))
    clock.advance(1000)
    expect(cached.instead(request('/'))).toMatchObject({ use: 'cached', ageMs: 1000 })
    clock.advance(1)
    expect(cached.instead(request('/'))).toEqual({ use: 'none' })
    expect(cached.kept).toEqual({ answers: 0, bytes: 0 })
  })

  it('keeps so many answers, those that were wanted last', () => {
    const cached = fallback({ entries: 2 })
    cached.remember(request('/a'), answer('a'))
    cached.remember(request('/b'), answer('b'))
    cached.instead(request('/a'))
    cached.remember(request('/c'), answer('c'))
    expect(['/a', '/b', '/c'].map((key) => cached.instead(request(key)).use)).toEqual(['cached', 'none', 'cached'])
  })

  it('forgets those first that were wanted longest ago, whatever was kept, wanted and forgotten before', () => {
    const keys = ['/a', '/b', '/c', '/d', '/e']
    const act = fc.record({ does: fc.constantFrom('remember', 'want', 'forget', 'change'), key: fc.constantFrom(...keys) })
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const clock = virtualClock()
        const cached = fallback({ entries: 3 }, clock)
        // The last is the one that was used last.
        let expected: string[] = []
        for (const { does, key } of acts) {
          clock.advance(1)
          if (does === 'remember') cached.remember(request(key), answer(key))
          else if (does === 'want') cached.instead(request(key))
          else if (does === 'forget') cached.forget(request(key))
          else cached.forgetPlace(key)
          const isUsed = does === 'remember' || (does === 'want' && expected.includes(key))
          expected = [...expected.filter((each) => each !== key), ...(isUsed ? [key] : [])].slice(-3)
          expect(cached.kept.answers).toBe(expected.length)
        }
        expect(keys.filter((key) => cached.instead(request(key)).use === 'cached')).toEqual(expected.toSorted())
      }),
    )
  })

  it('keeps so many bytes, and nothing that is larger than all of them', () => {
    const cached = fallback({ bytes: 100 })
    for (const key of ['/a', '/b', '/c']) cached.remember(request(key), answer(key, 40))
    expect(cached.kept).toEqual({ answers: 2, bytes: 80 })
    cached.remember(request('/c'), answer('large', 101))
    expect(['/a', '/b', '/c'].map((key) => cached.instead(request(key)).use)).toEqual(['none', 'cached', 'none'])
    expect(cached.kept).toEqual({ answers: 1, bytes: 40 })
  })

  it('holds few answers under one key, however many a client asks for', () => {
    const cached = fallback({ entries: 10_000 })
    for (let turn = 0; turn < 100; turn++) {
      cached.remember(request('/', { selects: (kept) => kept === `${turn}` }), answer(`${turn}`))
    }
    expect(cached.kept.answers).toBe(32)
  })

  it('forgets everything about a place, whoever asked for it', () => {
    const cached = fallback('cached')
    for (const [exact, place] of [
      ['alice', '/a'],
      ['bob', '/a'],
      ['carol', '/b'],
    ] as const)
      cached.remember(request(exact, { place }), answer(exact))
    cached.forgetPlace('/a')
    expect(['alice', 'bob', 'carol'].map((exact) => cached.instead(request(exact)).use)).toEqual(['none', 'none', 'cached'])
    cached.forget(request('carol', { place: '/b' }))
    expect(cached.kept).toEqual({ answers: 0, bytes: 0 })
  })

  it('does not keep what was asked for before a change, and answered after it', () => {
    const clock = virtualClock()
    const cached = fallback('cached', clock)
    clock.advance(100)
    cached.forgetPlace('/a')
    clock.advance(50)
    cached.remember(request('/a'), { ...answer('from before'), tookMs: 60 })
    cached.remember(request('/b'), { ...answer('another'), tookMs: 60 })
    expect([cached.instead(request('/a')).use, cached.instead(request('/b')).use]).toEqual(['none', 'cached'])
    cached.remember(request('/a'), { ...answer('from after'), tookMs: 40 })
    expect(cached.instead(request('/a'))).toMatchObject({ response: 'from after' })
  })

  it('keeps the newest answer to a request', () => {
    const cached = fallback('cached')
    for (const text of ['one', 'two']) cached.remember(request('/'), answer(text))
    expect(cached.instead(request('/'))).toMatchObject({ response: 'two' })
  })

  it('may be fixed, or another upstream; then nothing is remembered', () => {
    const fixed = fallback({ kind: 'static', body: { demo: true } })
    fixed.remember(request('/'), answer('x'))
    expect(fixed.instead(request('/'))).toEqual({ use: 'static', status: 200, headers: {}, body: { demo: true } })
    expect(fixed.kept.answers).toBe(0)
    expect(fallback({ kind: 'route', upstream: 'auphonic' }).instead(undefined)).toEqual({ use: 'route', upstream: 'auphonic' })
  })
})
