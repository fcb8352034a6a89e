import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../../src/kernel/virtual-clock.ts'
import { Fallback, type CacheableRequest } from '../../../src/policies/fallback/fallback.ts'
import { parsePolicies, type UpstreamPoliciesInput } from '../../../src/policies/settings.ts'
import { world } from '../world.ts'

const request = (method: string, key: string): CacheableRequest => ({ method, cacheKey: () => key })

function fallback(written: NonNullable<UpstreamPoliciesInput['fallback']>, clock = virtualClock()): Fallback<string> {
  return new Fallback<string>(parsePolicies('test', { fallback: written }).fallback, clock)
}

describe('a fallback', () => {
  it('F01 answers from the cache with its age, and the failure still counts', () => {
    const { settle, stack, clock } = world({ fallback: 'cached', breaker: { failures: 1 } }, () => ({ status: 503 }))
    stack.fallback.remember(request('GET', '/models'), 'an older answer')
    clock.advance(40)
    expect(settle({}, 0)).toMatchObject({ is: 'failed' })
    expect(stack.fallback.instead(request('GET', '/models'))).toEqual({ use: 'cached', response: 'an older answer', ageMs: 40 })
    expect(stack.snapshot().breaker).toMatchObject({ state: 'open', totals: { failure: 1, success: 0 } })
  })

  it('F03 an answer that blames the caller is an answer, not a failure to be covered', () => {
    expect(world({ fallback: 'cached' }, () => ({ status: 404 })).settle()).toMatchObject({ is: 'answered', outcome: { status: 404 } })
  })

  it('F04 without a fallback there is nothing instead', () => {
    const { stack } = world({})
    expect([stack.fallback.keeps('GET'), stack.fallback.instead(request('GET', '/'))]).toEqual([false, { use: 'none' }])
    expect(fallback('none').instead(request('GET', '/'))).toEqual({ use: 'none' })
  })

  it('F05 never answers another request, nor one by an unsafe method', () => {
    const cached = fallback('cached')
    cached.remember(request('GET', '/a'), 'a')
    cached.remember(request('POST', '/b'), 'b')
    expect(cached.instead(request('GET', '/b'))).toEqual({ use: 'none' })
    expect(cached.instead(request('POST', '/b'))).toEqual({ use: 'none' })
    expect(cached.instead(request('POST', '/a'))).toEqual({ use: 'none' })
    expect(cached.size).toBe(1)
  })

  it('F05 a POST may be answered from the cache where its body is part of the key', () => {
    const cached = fallback({ key: ['path', 'body'] })
    cached.remember(request('POST', '/generate abc'), 'text')
    expect(cached.instead(request('POST', '/generate abc'))).toMatchObject({ response: 'text' })
    expect(cached.instead(request('POST', '/generate abd'))).toEqual({ use: 'none' })
  })

  it('forgets what is too old', () => {
    const clock = virtualClock()
    const cached = fallback({ maxAge: '1s' }, clock)
    cached.remember(request('GET', '/'), 'old')
    clock.advance(1000)
    expect(cached.instead(request('GET', '/'))).toMatchObject({ use: 'cached', ageMs: 1000 })
    clock.advance(1)
    expect(cached.instead(request('GET', '/'))).toEqual({ use: 'none' })
    expect(cached.size).toBe(0)
  })

  it('keeps so many answers, those that were wanted last', () => {
    const cached = fallback({ entries: 2 })
    cached.remember(request('GET', '/a'), 'a')
    cached.remember(request('GET', '/b'), 'b')
    cached.instead(request('GET', '/a'))
    cached.remember(request('GET', '/c'), 'c')
    expect(['/a', '/b', '/c'].map((key) => cached.instead(request('GET', key)).use)).toEqual(['cached', 'none', 'cached'])
  })

  it('keeps the newest answer to a request', () => {
    const cached = fallback('cached')
    for (const text of ['one', 'two']) cached.remember(request('GET', '/'), text)
    expect(cached.instead(request('GET', '/'))).toMatchObject({ response: 'two' })
  })

  it('may be fixed, or another upstream; then nothing is remembered', () => {
    const fixed = fallback({ kind: 'static', body: { demo: true } })
    fixed.remember(request('GET', '/'), 'x')
    expect(fixed.instead(request('GET', '/'))).toEqual({ use: 'static', status: 200, headers: {}, body: { demo: true } })
    expect(fixed.size).toBe(0)
    expect(fallback({ kind: 'route', upstream: 'auphonic' }).instead(request('POST', '/'))).toEqual({ use: 'route', upstream: 'auphonic' })
  })
})
