import { describe, expect, it } from 'vitest'
import { GatecrashError } from '../../src/kernel/errors.ts'
import { seededRandom } from '../../src/kernel/random.ts'
import { virtualClock } from '../../src/kernel/virtual-clock.ts'
import { parsePolicies, upstreamPolicies, type UpstreamPoliciesInput } from '../../src/policies/settings.ts'
import { createStack } from '../../src/policies/stack.ts'

function refusal(settings: unknown): GatecrashError {
  try {
    createStack('gemini', settings as UpstreamPoliciesInput, { clock: virtualClock(), random: seededRandom(1) }) // nonsense on purpose
  } catch (error) {
    if (error instanceof GatecrashError) return error
    throw error
  }
  throw new Error(`accepted: ${JSON.stringify(settings)}`)
}

describe('settings', () => {
  it('fill in what is not written', () => {
    const parsed = parsePolicies('test', { breaker: { failures: 5, recovery: '5s' }, retry: { attempts: 3 }, fallback: 'cached' })
    expect(parsed).toMatchObject({
      timeout: { attempt: 2000, total: 10_000 },
      breaker: { failures: 5, recovery: 5000, recoveryMax: 20_000, successes: 1, probes: 1, counts: 'attempts' },
      retry: { attempts: 3, base: 100, budget: { kind: 'ratio', ratio: 0.2, floor: 3 } },
      fallback: { kind: 'cached', unsafe: [], ignore: [], maxAge: 3_600_000, staleIfError: 0 },
    })
    expect(parsed.bulkhead).toBeUndefined()
  })

  const whole: UpstreamPoliciesInput = {
    breaker: { failures: 4, within: '1m', failureRate: { ratio: 0.5 }, slowRate: { over: '2s', ratio: 1, calls: 20 }, probeLease: '3s' },
    retry: { budget: { kind: 'throttle' }, on: ['5xx', 'timeout'] },
    bulkhead: { adaptive: { kind: 'gradient' } },
    rateLimit: { kind: 'minimum_interval', interval: '1s' },
    hedge: { after: '100ms' },
    classes: { '404': 'failure' },
    fallback: { kind: 'static', body: { demo: [1, null] } },
    stream: ['GET /v1/events/**'],
  }
  const keeping: UpstreamPoliciesInput = {
    fallback: { unsafe: ['POST /v1/*'], ignore: ['X-Session'], maxAge: '5m', staleIfError: '1h', bytes: 1000 },
  }
  it('are accepted again as parsed, after a journey as JSON', () => {
    for (const written of [
      {},
      { breaker: {}, retry: {}, bulkhead: {}, rateLimit: { limit: 5 }, fallback: 'cached' } as const,
      whole,
      keeping,
    ]) {
      const parsed = upstreamPolicies.parse(written)
      expect(upstreamPolicies.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed)
    }
  })

  it('without a rule of their own for failures, rates stand alone', () => {
    expect(parsePolicies('test', { breaker: { failureRate: { ratio: 0.5 } } }).breaker?.failures).toBe(0)
    expect(parsePolicies('test', { breaker: { failures: 3, failureRate: { ratio: 0.5 } } }).breaker?.failures).toBe(3)
  })

  const nonsense: [string, unknown, string][] = [
    ['a threshold of nothing', { breaker: { failures: 0 } }, 'breaker.failures'],
    ['a threshold that is no number', { breaker: { failures: Number.NaN } }, 'breaker.failures'],
    ['no probes', { breaker: { probes: 0 } }, 'breaker.probes'],
    ['a negative recovery', { breaker: { recovery: -1 } }, 'breaker.recovery'],
    ['a window of nothing', { breaker: { within: 0 } }, 'breaker.within'],
    ['a window without a threshold', { breaker: { failures: 0, within: '1s', failureRate: { ratio: 1 } } }, 'breaker.within'],
    ['a rate above one', { breaker: { failureRate: { ratio: 50 } } }, 'breaker.failureRate.ratio'],
    ['a minimum that is never reached', { breaker: { failureRate: { ratio: 0.5, minimum: 9, calls: 8 } } }, 'breaker.failureRate.minimum'],
    ['a cap below what it caps', { breaker: { recovery: '9s', recoveryMax: '5s' } }, 'breaker.recoveryMax'],
    ['a cap of backoff below its base', { retry: { base: '2s', max: '1s' } }, 'retry.max'],
    ['no attempts', { retry: { attempts: 0 } }, 'retry.attempts'],
    ['a pattern that is none', { retry: { on: ['5x'] } }, 'retry.on[0]'],
    ['a class that is none', { classes: { '404': 'bad' } }, 'classes.404'],
    ['a timeout of nothing', { timeout: { attempt: 0 } }, 'timeout.attempt'],
    ['an initial limit out of bounds', { bulkhead: { concurrent: 9, adaptive: { kind: 'aimd', max: 8 } } }, 'bulkhead.concurrent'],
    ['a policy that there is not', { braker: {} }, 'braker'],
    ['a kept route without its method', { fallback: { unsafe: ['/v1/a'] } }, 'fallback.unsafe[0]'],
    ['a kept route that is kept anyway', { fallback: { unsafe: ['POST /a', 'GET /v1/a'] } }, 'fallback.unsafe[1]'],
    ['a kept route of a method that has no answer to keep', { fallback: { unsafe: ['OPTIONS /v1/a'] } }, 'fallback.unsafe[0]'],
    ['a route with a query', { fallback: { unsafe: ['POST /v1/a?b=c'] } }, 'fallback.unsafe[0]'],
    ['a header that cannot be one', { fallback: { ignore: ['x session'] } }, 'fallback.ignore[0]'],
    ['an identity that is not one', { fallback: { identity: { headers: ['x:user'] } } }, 'fallback.identity.headers[0]'],
    ['two ways of telling clients apart', { fallback: { ignore: ['x-a'], identity: { headers: ['x-b'] } } }, 'fallback.ignore'],
    ['to give one request the answer of another', { fallback: { ignore: ['Idempotency-Key'] } }, 'fallback.ignore'],
    ['a cache without memory', { fallback: { bytes: 0 } }, 'fallback.bytes'],
    ['a stream route that is no path', { stream: ['v1/events'] }, 'stream[0]'],
  ]
  it.each(nonsense)('C20 refuse %s', (_name, settings, path) => {
    expect(refusal(settings)).toMatchObject({ code: 'invalid_config', data: { problems: [{ path }] } })
  })

  it('C20 name every problem at once, with what was received', () => {
    const { message } = refusal({ breaker: { probes: 0, recovery: '-5s' }, retry: { attempts: 1.5 }, hedge: { extra: 1 }, braker: {} })
    expect(message).toMatchInlineSnapshot(`
      "policies of gemini: 5 problems
        breaker.recovery  not a duration: "-5s"; write a number and a unit, such as "250ms", "30s" or "2m"
        breaker.probes    too small: expected number to be >=1, got 0
        retry.attempts    invalid input: expected int, got 1.5
        hedge.after       invalid input, got nothing
        braker            unknown setting "braker"; did you mean "breaker"?"
    `)
  })
})
