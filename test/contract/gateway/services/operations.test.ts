// Long operations through a real gateway: created, told of, stuck, tried again; each body as clients see it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { GatewayConfigInput } from '../../../../src/gateway/config.ts'
import { realClock } from '../../../../src/kernel/clock.ts'
import { answer, rig, scriptedUpstream } from '../rig.ts'

type Section = NonNullable<NonNullable<GatewayConfigInput['services']>['operations']>

async function under(operations: Section = {}, options = {}) {
  const stack = new AsyncDisposableStack()
  const upstream = stack.use(await scriptedUpstream((response) => answer(response)))
  const gateway = stack.use(await rig({ gemini: upstream.url }, { config: { services: { operations, health: {} } }, ...options }))
  const ask = async (method: 'GET' | 'POST', path: string, body?: unknown) => {
    const { status, text } = await gateway.ask(path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) })
    return { status, json: JSON.parse(text) as Record<string, unknown> & { error: { code: string; technical_message: string } } }
  }
  return { ask, gateway, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

const time = expect.stringMatching(/^\d{4}-.*Z$/) as string
const created = {
  operation_id: 'ep-1',
  kind: 'episode',
  status: 'processing',
  attempt: 1,
  percent: 0,
  created_at: time,
  started_at: time,
  updated_at: time,
  error: null,
}
const episode = { kind: 'episode', operation_id: 'ep-1' }

it('creates an operation, follows its worker, and tells where it stands', async () => {
  await using at = await under()
  expect(await at.ask('POST', '/operations', episode)).toEqual({ status: 201, json: created })
  expect(await at.ask('POST', '/operations', episode)).toEqual({ status: 200, json: created })
  expect((await at.ask('POST', '/operations', { ...episode, kind: 'trailer' })).status).toBe(409)
  const half = { ...created, percent: 50 }
  expect(await at.ask('POST', '/operations/ep-1/progress', { attempt: 1, status: 'processing', percent: 50 })).toEqual({
    status: 200,
    json: half,
  })
  expect(await at.ask('GET', '/operations/ep-1')).toEqual({ status: 200, json: half })
  const done = { ...created, status: 'done', percent: 100 }
  expect(await at.ask('POST', '/operations/ep-1/progress', { attempt: 1, status: 'done' })).toEqual({ status: 200, json: done })
  expect(await at.ask('GET', '/operations')).toEqual({ status: 200, json: { operations: [done], next: null } })
  expect((await at.gateway.ask('/metrics')).text).toContain('gateway_operations_total{event="done"} 1')
})

it('tries again what its worker calls failed, as the next attempt', async () => {
  await using at = await under()
  await at.ask('POST', '/operations', episode)
  const refused = await at.ask('POST', '/operations/ep-1/retry')
  expect([refused.status, refused.json.error.technical_message]).toEqual([
    409,
    'ep-1 did not end with an error: it is processing, attempt 1',
  ])
  const failure = { attempt: 1, status: 'error', reason: 'no audio' }
  expect(await at.ask('POST', '/operations/ep-1/progress', failure)).toEqual({
    status: 200,
    json: { ...created, status: 'error', error: { class: 'failed', reason: 'no audio' } },
  })
  expect(await at.ask('POST', '/operations/ep-1/retry')).toEqual({ status: 200, json: { ...created, attempt: 2 } })
  expect((await at.ask('POST', '/operations/ep-1/progress', { attempt: 1, status: 'done' })).status).toBe(409)
})

it('lists stuck operations in a dry run, marks them by hand, and takes no report of theirs', async () => {
  await using at = await under({ stuckAfter: '20ms' })
  await at.ask('POST', '/operations', episode)
  await realClock.sleep(40)
  const threshold_hours = 0.00000556
  expect(await at.ask('POST', '/operations/stuck', { dry_run: true })).toEqual({
    status: 200,
    json: { dry_run: true, threshold_hours, count: 1, operations: [created] },
  })
  const stuck = {
    ...created,
    status: 'error',
    error: { class: 'stuck', reason: expect.stringMatching(/^processing for [\d.e-]+ h, /) as string },
  }
  expect(await at.ask('POST', '/operations/stuck')).toEqual({
    status: 200,
    json: { dry_run: false, threshold_hours, count: 1, operations: [stuck] },
  })
  expect((await at.ask('POST', '/operations/ep-1/progress', { attempt: 1, status: 'done' })).status).toBe(409)
  expect((await at.ask('GET', '/operations/ep-1')).json).toEqual(stuck)
})

it('marks stuck operations by itself', async () => {
  await using at = await under({ stuckAfter: '20ms', every: '10ms' })
  await at.ask('POST', '/operations', episode)
  await expect.poll(async () => (await at.ask('GET', '/operations/ep-1')).json['status'], { interval: 10, timeout: 5000 }).toBe('error')
})

it('works on operations itself, gives up what is stuck, and tries it again until it is done', async () => {
  let asked = 0
  await using upstream = await scriptedUpstream((response) => {
    if (++asked > 1) answer(response)
  })
  const operations = { stuckAfter: '50ms', every: '10ms', retries: 5, work: { upstream: 'auphonic', path: '/produce', body: { a: 1 } } }
  await using gateway = await rig({ auphonic: upstream.url }, { config: { services: { operations } } })
  const accepted = await gateway.ask('/operations', { method: 'POST', body: JSON.stringify(episode) })
  expect(accepted.status).toBe(201)
  await expect
    .poll(async () => (JSON.parse((await gateway.ask('/operations/ep-1')).text) as { status: string }).status, {
      interval: 10,
      timeout: 5000,
    })
    .toBe('done')
  const [first, second] = upstream.arrivals
  expect(await first!.gone).toBeGreaterThan(first!.at)
  expect(upstream.arrivals).toHaveLength(2)
  expect(
    [first, second].map((arrival) => [arrival!.method, arrival!.url, arrival!.headers['idempotency-key'], arrival!.body.toString()]),
  ).toEqual(Array.from({ length: 2 }, () => ['POST', '/produce', 'ep-1', '{"a":1}']))
})

it('refuses more operations than may be under way', async () => {
  await using upstream = await scriptedUpstream(() => {})
  const operations = { work: { upstream: 'auphonic', path: '/produce', atOnce: 1 } }
  await using gateway = await rig({ auphonic: upstream.url }, { config: { server: { drain: '10ms' }, services: { operations } } })
  const create = async (id: string) =>
    (await gateway.ask('/operations', { method: 'POST', body: JSON.stringify({ ...episode, operation_id: id }) })).status
  expect([await create('a'), await create('b')]).toEqual([201, 503])
})

it.each<[string, 'GET' | 'POST', string, unknown, number]>([
  ['an unknown id', 'GET', '/operations/ep-9', undefined, 404],
  ['a retry of an unknown id', 'POST', '/operations/ep-9/retry', undefined, 404],
  ['a report about an unknown id', 'POST', '/operations/ep-9/progress', { attempt: 1, status: 'done' }, 404],
  ['an operation without a kind', 'POST', '/operations', {}, 400],
  ['a report beyond 100 %', 'POST', '/operations/ep-9/progress', { attempt: 1, status: 'processing', percent: 101 }, 400],
  ['a report without its attempt', 'POST', '/operations/ep-9/progress', { status: 'done' }, 400],
  ['a dry run that is neither true nor false', 'POST', '/operations/stuck', { dry_run: 'yes' }, 400],
])('refuses %s', async (_what, method, path, body, expected) => {
  await using at = await under()
  expect((await at.ask(method, path, body)).status).toBe(expected)
})

it('knows its operations after a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'operations-'))
  const options = { store: { kind: 'sqlite', path: join(folder, 'gateway.db') } }
  {
    await using before = await under({}, options)
    await before.ask('POST', '/operations', episode)
  }
  {
    await using after = await under({}, options)
    expect((await after.ask('GET', '/operations/ep-1')).json).toEqual(created)
  }
  await rm(folder, { recursive: true })
})
