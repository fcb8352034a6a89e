import { expect, it } from 'vitest'
import { answer, rig, scriptedUpstream } from '../rig.ts'

it('tells one entry a client at /v1/api/status/services, to operators', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response, 500))
  const { url } = upstream
  const chroma = {
    timeout: { attempt: '15s', total: '60s' },
    breaker: { failures: 1, recovery: '60s' },
    retry: { attempts: 3, base: '1ms' },
  }
  await using gateway = await rig({ chroma: url, git: url }, { config: { upstreams: { chroma }, services: { status: {} } } })
  await gateway.ask('/chroma/query')
  const { status, text } = await gateway.ask('/v1/api/status/services')
  expect(status).toBe(200)
  expect(JSON.parse(text)).toEqual({
    chroma: {
      state: 'open',
      available: false,
      failure_count: 1,
      failure_threshold: 1,
      opened_at: expect.stringMatching(/Z$/) as string,
      last_failure_time: expect.stringMatching(/Z$/) as string,
      recovery_timeout_seconds: 60,
      timeout_seconds: 15,
      max_attempts: 3,
    },
    git: {
      state: null,
      available: true,
      failure_count: 0,
      failure_threshold: null,
      opened_at: null,
      last_failure_time: null,
      recovery_timeout_seconds: null,
      timeout_seconds: 2,
      max_attempts: 1,
    },
  })
  expect((await gateway.ask('/v1/api/status/services', { headers: { 'x-forwarded-for': '9.9.9.9' } })).status).toBe(403)
})
