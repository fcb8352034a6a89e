import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../../src/kernel/virtual-clock.ts'
import { Fallback, type Question } from '../../../src/policies/fallback/fallback.ts'
import { parsePolicies, type UpstreamPoliciesInput } from '../../../src/policies/settings.ts'
import { world } from '../world.ts'

const question = (method: string, key: string): Question => ({ method, cacheKey: () => key })

function fallback(written: NonNullable<UpstreamPoliciesInput['fallback']>, clock = virtualClock()): Fallback<string> {
  return new Fallback<string>(parsePolicies('test', { fallback: written }).fallback, clock)
}

describe('a fallback', () => {
  it('F01 answers from the cache with its age, and the failure still counts', () => {
    const { settle, stack, clock } = world({ fallback: 'cached', breaker: { failures: 1 } }, () => ({ status: 503 }))
    stack.fallback.remember(question('GET', '/models'), 'an older answer')
    clock.advance(40)
    expect(settle({}, 0)).toMatchObject({ is: 'failed' })
    expect(stack.fallback.instead(question('GET', '/models'))).toEqual({ use: 'cached', response: 'an older answer', ageMs: 40 })
    expect(stack.snapshot().breaker).toMatchObject({ state: 'open', totals: { failure: 1, success: 0 } })
  })

  it('F03 an answer that blames the caller is an answer, not a failure to be covered', () => {
    expect(world({ fallback: 'cached' }, () => ({ status: 404 })).settle()).toMatchObject({ is: 'answered', outcome: { status: 404 } })
  })

  it('F04 without a fallback there is nothing instead', () => {
    const { stack } = world({})
    expect([stack.fallback.keeps('GET'), stack.fallback.instead(question('GET', '/'))]).toEqual([false, { use: 'none' }])
    expect(fallback('none').instead(question('GET', '/'))).toEqual({ use: 'none' })
  })

  it('F05 never answers another question, nor one by an unsafe method', () => {
    const cached = fallback('cached')
    cached.remember(question('GET', '/a'), 'a')
    cached.remember(question('POST', '/b'), 'b')
    expect(cached.instead(question('GET', '/b'))).toEqual({ use: 'none' })
    expect(cached.instead(question('POST', '/b'))).toEqual({ use: 'none' })
    expect(cached.instead(question('POST', '/a'))).toEqual({ use: 'none' })
    expect(cached.size).toBe(1)
  })

  it('F05 a POST is a question that may be asked again where its body is part of the key', () => {
    const cached = fallback({ key: ['path', 'body'] })
    cached.remember(question('POST', '/generate abc'), 'text')
    expect(cached.instead(question('POST', '/generate abc'))).toMatchObject({ response: 'text' })
    expect(cached.instead(question('POST', '/generate abd'))).toEqual({ use: 'none' })
  })

  it('forgets what is too old', () => {
    const clock = virtualClock()
    const cached = fallback({ maxAge: '1s' }, clock)
    cached.remember(question('GET', '/'), 'old')
    clock.advance(1000)
    expect(cached.instead(question('GET', '/'))).toMatchObject({ use: 'cached', ageMs: 1000 })
    clock.advance(1)
    expect(cached.instead(question('GET', '/'))).toEqual({ use: 'none' })
    expect(cached.size).toBe(0)
  })

  it('keeps so many answers, those that were wanted last', () => {
    const cached = fallback({ entries: 2 })
    cached.remember(question('GET', '/a'), 'a')
    cached.remember(question('GET', '/b'), 'b')
    cached.instead(question('GET', '/a'))
    cached.remember(question('GET', '/c'), 'c')
    expect(['/a', '/b', '/c'].map((key) => cached.instead(question('GET', key)).use)).toEqual(['cached', 'none', 'cached'])
  })

  it('keeps the newest answer to a question', () => {
    const cached = fallback('cached')
    for (const text of ['one', 'two']) cached.remember(question('GET', '/'), text)
    expect(cached.instead(question('GET', '/'))).toMatchObject({ response: 'two' })
  })

  it('may be fixed, or another upstream; then nothing is remembered', () => {
    const fixed = fallback({ kind: 'static', body: { demo: true } })
    fixed.remember(question('GET', '/'), 'x')
    expect(fixed.instead(question('GET', '/'))).toEqual({ use: 'static', status: 200, headers: {}, body: { demo: true } })
    expect(fixed.size).toBe(0)
    expect(fallback({ kind: 'route', upstream: 'auphonic' }).instead(question('POST', '/'))).toEqual({ use: 'route', upstream: 'auphonic' })
  })
})
