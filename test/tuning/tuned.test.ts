import { expect, it } from 'vitest'
import { parseRange } from '../../src/tuning/space/setting-range.ts'
import { mergePatch, presentValue } from '../../src/tuning/tuned.ts'
import { plan } from '../report/reference-run.ts'

it('is applied to the configuration of a gateway as a JSON merge patch', () => {
  const settings = { 'gemini.breaker.failures': 11, 'gemini.breaker.recovery': '5.3s', 'server.inFlight': 500 }
  expect(mergePatch({ settings })).toEqual({
    upstreams: { gemini: { breaker: { failures: 11, recovery: '5.3s' } } },
    server: { inFlight: 500 },
  })
})

it('takes a name from outside for a name, whatever it is', () => {
  const patch = mergePatch({ settings: { '__proto__.breaker.failures': 3 } })
  expect(JSON.stringify(patch)).toBe('{"upstreams":{"__proto__":{"breaker":{"failures":3}}}}')
  expect({}).not.toHaveProperty('breaker')
})

it('knows the present value of a setting, where it is one', () => {
  const failures = parseRange('gemini.breaker.failures', '3..20')
  const now = plan.gateway.upstreams['gemini']!.breaker!.failures
  expect(presentValue(failures, [plan])).toBe(now)
  const other = structuredClone(plan)
  other.gateway.upstreams['gemini']!.breaker!.failures = now + 1
  expect(presentValue(failures, [plan, other])).toBeNull()
  expect(presentValue(parseRange('gemini.bulkhead.concurrent', '3..20'), [plan])).toBeNull()
})
