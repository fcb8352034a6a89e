import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { upstreamVariable } from '../../src/contract/environment.ts'
import { checkConfig } from '../../src/gateway/config.ts'
import { readEnvironment } from '../../src/gateway/environment.ts'

function problemsOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('nothing was wrong')
}

it('fills in defaults for upstreams without settings and for the server', () => {
  const { upstreams, server } = checkConfig('test', {}, { gemini: 'http://127.0.0.1:9101' })
  expect(upstreams).toMatchObject([{ name: 'gemini', policies: { timeout: { attempt: 2000, total: 10_000 } } }])
  expect(server).toMatchObject({ maxRequestBytes: 104_857_600, commitBytes: 65_536 })
})

it('takes its own output as input', () => {
  const urls = { gemini: 'http://127.0.0.1:9101' }
  const written = { gemini: { breaker: { failures: 3, recovery: '5s' }, retry: {}, fallback: 'cached' as const } }
  const { upstreams } = checkConfig('test', { upstreams: written }, urls)
  const again = checkConfig('test', { upstreams: { gemini: upstreams[0]!.policies } }, urls)
  expect(again.upstreams).toEqual(upstreams)
})

it('tells all problems at once, each with its path and what was received', () => {
  const input = {
    upstreams: { gemini: { timeout: { attempt: '-5s' }, breaker: { probes: 0 } }, jira: {} },
    server: { inFlight: 0 },
    sede: 1,
  }
  const text = problemsOf(() => checkConfig('gateway.json', input, { gemini: 'ftp://x', api: 'http://127.0.0.1:1' }))
  expect(text).toMatch(/^gateway\.json: \d+ problems\n/)
  expect(text).toMatch(/upstreams\.gemini\.timeout\.attempt .*"-5s"/)
  expect(text).toMatch(/upstreams\.gemini\.breaker\.probes .*got 0/)
  expect(text).toMatch(/server\.inFlight .*got 0/)
  expect(text).toMatch(/sede/)
  expect(text).toMatch(/upstreams\.jira .*set UPSTREAM_JIRA/)
  expect(text).toMatch(/UPSTREAM_GEMINI .*"ftp:\/\/x"/)
  expect(text).toMatch(/upstreams\.api .*rename/)
})

it('refuses a fallback route to itself or to nobody', () => {
  const urls = { gemini: 'http://127.0.0.1:1', backup: 'http://127.0.0.1:2' }
  for (const upstream of ['gemini', 'bakcup']) {
    const text = problemsOf(() => checkConfig('test', { upstreams: { gemini: { fallback: { kind: 'route', upstream } } } }, urls))
    expect(text).toContain(`upstreams.gemini.fallback.upstream`)
    expect(text).toContain(`"${upstream}"`)
  }
})

it('refuses to start without any upstream', () => {
  expect(problemsOf(() => checkConfig('environment', {}, {}))).toContain('UPSTREAM_')
})

it('names the variable of an upstream after it', () => {
  expect(upstreamVariable('webhook-receiver')).toBe('UPSTREAM_WEBHOOK_RECEIVER')
})

it('reads port, host, upstreams and overrides from the environment', () => {
  const { config, port, host } = readEnvironment({
    PORT: '8080',
    UPSTREAM_WEBHOOK_RECEIVER: 'http://127.0.0.1:9101',
    MAX_REQUEST_SIZE_BYTES: '1000',
    SLOW_REQUEST_THRESHOLD_SECONDS: '0.5',
    VERY_SLOW_REQUEST_THRESHOLD_SECONDS: '2',
    GATEWAY_ADMIN_TOKEN: 'secret',
  })
  expect({ port, host }).toEqual({ port: 8080, host: '127.0.0.1' })
  expect(config.upstreams.map(({ name }) => name)).toEqual(['webhook-receiver'])
  expect(config.server).toMatchObject({ maxRequestBytes: 1000, slowRequest: 500, verySlowRequest: 2000, adminToken: 'secret' })
})

it('takes the hours after which operations are stuck from the environment, where the service is on', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'))
  const settingsOf = (services: object, hours: string) => {
    const file = join(folder, 'gateway.json')
    writeFileSync(file, JSON.stringify({ services }))
    const env = { PORT: '8080', UPSTREAM_GCS: 'http://127.0.0.1:9101', GATEWAY_CONFIG: file, STUCK_EPISODE_THRESHOLD_HOURS: hours }
    return readEnvironment(env).config.services
  }
  expect(settingsOf({ operations: {} }, '')).toMatchObject({ operations: { stuckAfter: 7_200_000 } })
  expect(settingsOf({ operations: { stuckAfter: '1h', every: '1s' } }, '0.5')).toMatchObject({
    operations: { stuckAfter: 1_800_000, every: 1000 },
  })
  expect(settingsOf({}, '0.5')).toEqual({})
  for (const hours of ['0', '0.0', '-1', '2h', 'Infinity'])
    expect(() => settingsOf({ operations: {} }, hours)).toThrow(/STUCK_EPISODE_THRESHOLD_HOURS .*a number of hours above 0/)
  rmSync(folder, { recursive: true })
})

it('tells a bad port, an unreadable file and a missing upstream together', () => {
  const text = problemsOf(() => readEnvironment({ PORT: 'http', GATEWAY_CONFIG: '/nowhere/gateway.json' }))
  expect(text).toMatch(/^\/nowhere\/gateway\.json: 3 problems/)
  expect(text).toMatch(/PORT .*"http"/)
})
