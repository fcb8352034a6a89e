import { request } from 'undici'
import { expect, it } from 'vitest'
import { freePort } from '../../../../src/kernel/server.ts'
import { answer, rig, scriptedUpstream } from '../rig.ts'

const settings = { every: '20ms', endsAfter: '50ms' }

it('tells the event stream, the list and the metrics of an open breaker, and when it is over', async () => {
  let isDown = true
  await using upstream = await scriptedUpstream((response) => answer(response, isDown ? 500 : 200))
  await using gateway = await rig(
    { gemini: upstream.url, jira: upstream.url, chroma: upstream.url },
    {
      config: {
        upstreams: { gemini: { breaker: { failures: 1, recovery: '200ms' } }, jira: { breaker: {} }, chroma: { breaker: {} } },
        services: { alerts: settings },
      },
    },
  )
  const list = async () => (JSON.parse((await gateway.ask('/alerts')).text) as { alerts: unknown[] }).alerts
  expect(await list()).toEqual([])
  await gateway.ask('/gemini/a')
  await expect
    .poll(list)
    .toEqual([{ rule: 'breaker_open', severity: 'critical', subject: 'gemini', since: expect.stringMatching(/Z$/) as string }])
  expect((await gateway.ask('/metrics')).text).toContain('gateway_alerts{rule="breaker_open",severity="critical",subject="gemini"} 1')
  isDown = false
  await expect.poll(async () => (await gateway.ask('/gemini/a')).status).toBe(200)
  await expect.poll(list).toEqual([])
  const { body } = await request(`${gateway.gateway.url}/api/v1/resilience/events?from=0`)
  let told = ''
  for await (const piece of body) if ((told += String(piece)).includes('"edge":"end"')) break
  expect(told).toMatch(
    /event: alert\ndata: \{"sequence":2,"type":"alert","t":[\d.]+,"rule":"breaker_open","severity":"critical","edge":"start","subject":"gemini"\}/,
  )
})

it('tells that the store cannot be reached', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig(
    { 'webhook-receiver': upstream.url },
    {
      config: { services: { alerts: settings, webhooks: {} } },
      store: { kind: 'redis', url: `redis://127.0.0.1:${await freePort()}`, timeout: 200 },
    },
  )
  await expect
    .poll(async () => (JSON.parse((await gateway.ask('/alerts')).text) as { alerts: unknown[] }).alerts)
    .toContainEqual(expect.objectContaining({ rule: 'store_unreachable', severity: 'critical' }))
})
