// Copies of documents through a real gateway: brought up to date by itself and by hand, failing, recovering; each body as operators see it.
import { expect, it } from 'vitest'
import { checkConfig } from '../../../../src/gateway/config.ts'
import { answer, rig, type Script, scriptedUpstream } from '../rig.ts'

const collection = '/v1/projects/p/databases/(default)/documents/traces'
const documents = [{ name: 'a' }, { name: 'b' }]

async function under(script: Script, settings = {}) {
  const stack = new AsyncDisposableStack()
  const firestore = stack.use(await scriptedUpstream(script))
  const gateway = stack.use(
    await rig(
      { firestore: firestore.url },
      { config: { upstreams: { firestore: { retry: { attempts: 1 } } }, services: { sync: { collection, ...settings }, health: {} } } },
    ),
  )
  const ask = async (method: 'GET' | 'POST', path: string) => {
    const { status, text } = await gateway.ask(path, { method })
    return { status, json: JSON.parse(text) as Record<string, unknown> }
  }
  const run = async () => (await ask('GET', '/sync')).json['run'] as { ok: number; failed: number; running: boolean; last: unknown }
  return { firestore, gateway, ask, run, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

const listing: Script = (response) => answer(response, 200, { documents })
const time = expect.stringMatching(/^\d{4}-.*Z$/) as string
const patience = { interval: 10, timeout: 5000 }
const idle = { running: false, ok: 0, failed: 0, skipped: 0, last: null }

it('runs when an operator says so, and tells how it went', async () => {
  await using at = await under(listing)
  expect(await at.ask('GET', '/sync')).toEqual({ status: 200, json: { run: idle, clean_up: idle } })
  expect(await at.ask('POST', '/sync/run')).toEqual({ status: 202, json: { started: true } })
  await expect.poll(async () => (await at.run()).ok, patience).toBe(1)
  expect(await at.run()).toEqual({ ...idle, ok: 1, last: { status: 'ok', ended_at: time, documents: 2 } })
  expect(at.firestore.arrivals.map(({ url }) => url)).toEqual([`${collection}?pageSize=50`])
  expect(await at.ask('GET', '/sync/copies')).toEqual({ status: 200, json: { documents: 2, written_at: time } })
  expect(await at.ask('POST', '/sync/clean-up')).toEqual({ status: 202, json: { started: true } })
  expect((await at.gateway.ask('/metrics')).text).toContain('gateway_sync_runs_total{outcome="ok"} 1')
})

it('runs at its times by itself, also after runs that failed', async () => {
  let isDown = true
  await using at = await under((response, arrival) => (isDown ? answer(response, 503) : listing(response, arrival)), { every: '20ms' })
  await expect.poll(async () => (await at.run()).failed, patience).toBeGreaterThan(1)
  expect((await at.run()).last).toEqual({ status: 'failed', ended_at: time, reason: 'firestore: upstream_status' })
  isDown = false
  await expect.poll(async () => (await at.run()).ok, patience).toBeGreaterThan(0)
  expect(at.firestore.peak).toBe(1)
})

it('refuses to run beside a run', async () => {
  await using at = await under(() => {})
  expect(await at.ask('GET', '/sync/copies')).toMatchObject({
    status: 503,
    json: { error: { technical_message: 'nothing was copied yet' } },
  })
  await at.ask('POST', '/sync/run')
  expect((await at.ask('POST', '/sync/run')).status).toBe(409)
  expect(await at.run()).toEqual({ ...idle, running: true })
})

it('must name an upstream of the gateway, and a collection', () => {
  const config = (sync: object) => () => checkConfig('test', { services: { sync } }, { firestore: 'http://127.0.0.1:1' })
  expect(config({ collection, upstream: 'firestor' })).toThrow(/services\.sync\.upstream .*did you mean "firestore"/)
  expect(config({ collection: '/traces?x' })).toThrow(/services\.sync\.collection .*without a query/)
})
