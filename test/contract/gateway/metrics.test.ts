// Metrics: what operators alert on must agree with what clients and upstreams saw.
import { expect, it } from 'vitest'
import { realClock } from '../../../src/kernel/clock.ts'
import { answer, type Rig, rig, scriptedUpstream } from './rig.ts'

/** Series and their values, by name and labels as exposed. */
async function scrape(gateway: Rig): Promise<Map<string, number>> {
  const { text } = await gateway.ask('/metrics')
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]))
}

const states = ['closed', 'half_open', 'open']

it('O01 shows the state from the start, and always the one that monitoring shows', async () => {
  let down = false
  await using upstream = await scriptedUpstream((response) => answer(response, down ? 503 : 200))
  const config = { upstreams: { gemini: { breaker: { failures: 1, recovery: '80ms', recoveryJitter: 0 } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  const seen: string[] = []
  const compare = async (): Promise<void> => {
    const gauge = (await scrape(gateway)).get('gateway_breaker_state{upstream="gemini"}')
    const { state } = JSON.parse((await gateway.ask('/api/v1/resilience/circuit-breakers/gemini')).text)
    expect(states[gauge!]).toBe(state)
    seen.push(state)
  }
  await compare()
  down = true
  await gateway.ask('/gemini/a')
  await compare()
  // Nobody asks the breaker: what it would say follows from the clock alone.
  await realClock.sleep(90)
  await compare()
  down = false
  await gateway.ask('/gemini/a')
  await compare()
  expect(seen).toEqual(['closed', 'open', 'half_open', 'closed'])
})

it('O02 counts transitions, so that an opening between two scrapes is not lost', async () => {
  let down = true
  await using upstream = await scriptedUpstream((response) => answer(response, down ? 503 : 200))
  const config = { upstreams: { gemini: { breaker: { failures: 1, recovery: '20ms', recoveryJitter: 0 } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  const before = await scrape(gateway)
  await gateway.ask('/gemini/a')
  down = false
  await realClock.sleep(30)
  await gateway.ask('/gemini/a')
  const after = await scrape(gateway)
  for (const to of ['open', 'half_open', 'closed']) {
    const series = `gateway_breaker_transitions_total{upstream="gemini",to="${to}"}`
    expect([before.get(series), after.get(series)]).toEqual([0, 1])
  }
})

it('O03 loses no request: admissions, refusals and answers add up', async () => {
  await using upstream = await scriptedUpstream((response, { ordinal }) =>
    answer(response, ordinal % 3 === 0 ? 503 : ordinal % 3 === 1 ? 404 : 200),
  )
  const config = {
    upstreams: { gemini: { breaker: { failures: 1, recovery: '10ms' }, bulkhead: { concurrent: 2 }, fallback: 'cached' as const } },
  }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  for (let round = 0; round < 20; round++) {
    await Promise.all(Array.from({ length: 10 }, (_, at) => gateway.ask(`/gemini/${at % 3}`)))
    await realClock.sleep(5)
  }
  const series = await scrape(gateway)
  const total = (start: string) => [...series].filter(([name]) => name.startsWith(start)).reduce((sum, [, value]) => sum + value, 0)
  expect(total('gateway_requests_total')).toBe(200)
  expect(series.get('gateway_request_duration_seconds_count{upstream="gemini"}')).toBe(200)
  const result = (name: string) => series.get(`gateway_breaker_admissions_total{upstream="gemini",result="${name}"}`)!
  expect(result('admitted')).toBe(result('success') + result('failure') + result('neutral') + result('late'))
  expect(result('admitted') + result('rejected')).toBe(200)
  // Refused by the bulkhead means admitted by the breaker, and no attempt.
  const shed = [...series].filter(([name]) => name.includes('reason="bulkhead_full"')).reduce((sum, [, value]) => sum + value, 0)
  expect(total('gateway_attempts_total')).toBe(result('admitted') - shed)
  expect(upstream.arrivals).toHaveLength(total('gateway_attempts_total'))
  expect(series.get('gateway_bulkhead_in_use{upstream="gemini"}')).toBe(0)
})

it('O04 has as many series after ten thousand paths as after one', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ gemini: upstream.url }, { config: { upstreams: { gemini: { breaker: {}, fallback: 'cached' } } } })
  await gateway.ask('/gemini/first')
  const before = (await scrape(gateway)).size
  const one = async (worker: number): Promise<void> => {
    for (let count = 0; count < 500; count++) await gateway.ask(`/gemini/${worker}/${count}`)
  }
  await Promise.all(Array.from({ length: 20 }, (_, worker) => one(worker)))
  expect((await scrape(gateway)).size).toBe(before)
})

it('serves metrics on a port of their own when asked, and then nowhere else', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ gemini: upstream.url }, { config: { server: { metricsPort: 0 } } })
  const at = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${gateway.gateway.metricsPort}${path}`)
    return { status: response.status, text: await response.text() }
  }
  await gateway.ask('/gemini/a')
  expect(await at('/metrics')).toMatchObject({
    status: 200,
    text: expect.stringContaining('gateway_requests_total{upstream="gemini",outcome="ok"'),
  })
  expect((await gateway.ask('/metrics')).status).toBe(404)
  expect(await at('/gemini/a')).toMatchObject({ status: 404, text: expect.stringContaining('not_found') })
})

it('does not start where the port of the metrics is taken, and leaves nothing behind', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using first = await rig({ gemini: upstream.url }, { config: { server: { metricsPort: 0 } } })
  const { metricsPort } = first.gateway
  await expect(rig({ gemini: upstream.url }, { config: { server: { metricsPort } } })).rejects.toMatchObject({ code: 'port_taken' })
})
