// Webhooks through a real gateway: accepted, delivered, repeated by what went wrong, dead-lettered, replayed, cleaned up.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import type { GatewayConfigInput } from '../../../../src/gateway/config.ts'
import { realClock } from '../../../../src/kernel/clock.ts'
import { freePort } from '../../../../src/kernel/server.ts'
import { answer, type AskOptions, type Rig, rig, type Script, scriptedUpstream } from '../rig.ts'

const quick = { base: '20ms', max: '40ms' } as const

interface View {
  reference_id: string
  delivery_id: string
  correlation_id: string
  status: string
  attempts: number
  last_error?: { class: string; reason: string }
}

async function under(script: Script, config: GatewayConfigInput = {}, options = {}) {
  const receiver = await scriptedUpstream(script)
  const { services = {}, upstreams = {}, ...rest } = config
  const gateway = await rig(
    { 'webhook-receiver': receiver.url, 'evidence-api': receiver.url },
    {
      config: {
        ...rest,
        upstreams: { 'webhook-receiver': { retry: { attempts: 1 } }, 'evidence-api': { retry: { attempts: 1 } }, ...upstreams },
        services: { webhooks: { evidence: 'evidence-api', ...quick, ...services.webhooks } },
      },
      ...options,
    },
  )
  const stack = new AsyncDisposableStack()
  stack.use(receiver)
  stack.use(gateway)
  return { receiver, gateway, ...clientOf(gateway), [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

function clientOf(gateway: Rig) {
  const post = async (path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const options: AskOptions = { method: 'POST', headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
    const got = await gateway.ask(path, options)
    return { ...got, json: JSON.parse(got.text) as View & { error: { code: string; technical_message: string } } }
  }
  const get = async <Body = View>(path: string) => JSON.parse((await gateway.ask(path)).text) as Body
  const settled = async (reference: string, status: string): Promise<View> => {
    for (let tries = 0; tries < 300; tries++) {
      const view = await get(`/webhooks/${reference}`)
      if (view.status === status) return view
      await realClock.sleep(10)
    }
    throw new Error(`${reference} did not become ${status}: ${JSON.stringify(await get(`/webhooks/${reference}`))}`)
  }
  return { post, get, settled }
}

const report = { customer: 'acme', event: 'report.completed', reference_id: 'report-1', data: { pages: 3 } }
const accepted: Script = (response) => answer(response, 202, {})

it('accepts a webhook, and delivers it with one correlation id and one delivery id', async () => {
  const logged: Record<string, unknown>[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(JSON.parse(line) as Record<string, unknown>) })
  await using at = await under(accepted, {}, { log })
  const { status, json } = await at.post('/webhooks', report, { 'x-correlation-id': 'c-7' })
  expect({ status, json }).toEqual({
    status: 202,
    json: {
      reference_id: 'report-1',
      delivery_id: expect.stringMatching(/^[\da-f-]{36}$/) as string,
      correlation_id: 'c-7',
      status: 'pending',
      attempts: 0,
      customer: 'acme',
      event: 'report.completed',
      accepted_at: expect.stringMatching(/Z$/) as string,
      updated_at: expect.stringMatching(/Z$/) as string,
      next_attempt_at: null,
    },
  })
  await at.settled('report-1', 'delivered')
  const [arrival] = at.receiver.arrivals
  expect(at.receiver.arrivals).toHaveLength(1)
  expect(arrival!.url).toBe('/webhooks/acme')
  expect(arrival!.headers).toMatchObject({ 'webhook-id': json.delivery_id, 'idempotency-key': json.delivery_id, 'x-correlation-id': 'c-7' })
  expect(JSON.parse(arrival!.body.toString())).toEqual({
    delivery_id: json.delivery_id,
    reference_id: 'report-1',
    event: 'report.completed',
    data: { pages: 3 },
  })
  expect(logged).toContainEqual(expect.objectContaining({ correlation_id: 'c-7', delivery_id: json.delivery_id, msg: 'webhook delivered' }))
})

it('takes the request id as the reference where there is none, and a reference once', async () => {
  await using at = await under(accepted)
  const { reference_id: _none, ...nameless } = report
  expect((await at.post('/webhooks', nameless, { 'x-request-id': 'run-1' })).json.reference_id).toBe('run-1')
  expect((await at.post('/webhooks', nameless, { 'x-request-id': 'run-1' })).status).toBe(200)
  const other = await at.post('/webhooks', { ...nameless, event: 'report.failed' }, { 'x-request-id': 'run-1' })
  expect([other.status, other.json.error.code]).toEqual([409, 'conflict'])
  await at.settled('run-1', 'delivered')
  expect(at.receiver.arrivals).toHaveLength(1)
})

it('repeats what the network failed, at most three times, and keeps the dead letter with its reason', async () => {
  await using at = await under((response) => answer(response, 503))
  const { json } = await at.post('/webhooks', report, { 'x-correlation-id': 'c-7' })
  const failed = await at.settled('report-1', 'failed')
  expect(failed).toMatchObject({ attempts: 4, last_error: { class: 'network', reason: 'webhook-receiver: status 503' } })
  expect(at.receiver.arrivals).toHaveLength(4)
  expect(new Set(at.receiver.arrivals.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([json.delivery_id]))
  expect(await at.get('/webhooks/dead-letters')).toEqual({
    dead_letters: [expect.objectContaining({ reference_id: 'report-1', correlation_id: 'c-7', last_error: failed.last_error })],
    next: null,
  })
})

it('never repeats what the receiver calls wrong', async () => {
  await using at = await under((response) => answer(response, 422))
  await at.post('/webhooks', report)
  expect(await at.settled('report-1', 'failed')).toMatchObject({ attempts: 1, last_error: { class: 'validation' } })
  expect(at.receiver.arrivals).toHaveLength(1)
})

it('waits behind an open breaker without using up its retries', async () => {
  let isDown = true
  await using at = await under((response) => answer(response, isDown ? 503 : 202), {
    upstreams: { 'webhook-receiver': { retry: { attempts: 1 }, breaker: { failures: 1, recovery: '200ms', recoveryGrowth: 1 } } },
  })
  await at.post('/webhooks', report)
  await realClock.sleep(100)
  expect(await at.get('/webhooks/report-1')).toMatchObject({ status: 'retrying', attempts: 1 })
  isDown = false
  expect(await at.settled('report-1', 'delivered')).toMatchObject({ attempts: 2 })
})

it('sends a dead letter again, under the same delivery id', async () => {
  let isDown = true
  await using at = await under((response) => answer(response, isDown ? 422 : 202))
  const { json } = await at.post('/webhooks', report)
  await at.settled('report-1', 'failed')
  isDown = false
  expect((await at.post('/webhooks/dead-letters/unknown/replay')).status).toBe(404)
  expect(await at.post('/webhooks/dead-letters/replay')).toMatchObject({ status: 202, json: { replayed: 1 } })
  expect(await at.settled('report-1', 'delivered')).toMatchObject({ delivery_id: json.delivery_id })
  expect(await at.get('/webhooks/dead-letters')).toEqual({ dead_letters: [], next: null })
})

it('cleans up what is over', async () => {
  await using at = await under(accepted)
  await at.post('/webhooks', report)
  await at.settled('report-1', 'delivered')
  expect(await at.post('/webhook-cleanup')).toMatchObject({ status: 200, json: { removed: 1 } })
  expect(await at.get('/webhooks')).toEqual({ webhooks: [], next: null })
})

it('refuses a task with bad input, or on an unhealthy dependency, before anything is asked for it', async () => {
  let isHealthy = false
  const asked: string[] = []
  await using at = await under(
    (response, { url }) => {
      asked.push(url)
      answer(response, url === '/health' && !isHealthy ? 503 : 200, { id: url })
    },
    { services: { webhooks: { healthFor: 0 } } },
  )
  const bad = await at.post('/webhooks', { ...report, customer: '../x', extra: 1 })
  expect([bad.status, bad.json.error.code]).toEqual([400, 'bad_request'])
  expect(bad.json.error.technical_message).toMatch(/customer .*; extra unknown setting/)
  expect(asked).toEqual([])
  const proofs = { ...report, evidence: ['evidence-1'] }
  const down = await at.post('/webhooks', proofs)
  expect([down.status, down.json.error.code, down.headers['retry-after']]).toEqual([503, 'dependency_unavailable', '1'])
  expect(asked).toEqual(['/health'])
  isHealthy = true
  expect((await at.post('/webhooks', proofs)).status).toBe(202)
  await at.settled('report-1', 'delivered')
  expect(asked.slice(1)).toEqual(['/health', '/api/v1/evidence/evidence-1', '/webhooks/acme'])
  expect(JSON.parse(at.receiver.arrivals.at(-1)!.body.toString())).toMatchObject({ evidence: [{ id: '/api/v1/evidence/evidence-1' }] })
})

it('goes on after a restart with what the store has', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatecrash-webhooks-'))
  const store = { kind: 'sqlite' as const, path: join(folder, 'gateway.db') }
  let isDown = true
  const script: Script = (response) => answer(response, isDown ? 503 : 202)
  const services = { webhooks: { base: '300ms', max: '300ms' } }
  {
    await using first = await under(script, { services }, { store })
    await first.post('/webhooks', report)
    await first.settled('report-1', 'retrying')
  }
  isDown = false
  await using second = await under(script, { services }, { store })
  expect(await second.settled('report-1', 'delivered')).toMatchObject({ attempts: 2 })
  await rm(folder, { recursive: true })
})

it('ends the deliveries under way before it stops', async () => {
  const holding = Promise.withResolvers<void>()
  await using at = await under((response) => void holding.promise.then(() => answer(response, 202)))
  await at.post('/webhooks', report)
  while (at.receiver.arrivals.length === 0) await realClock.sleep(5)
  const stopping = at.gateway.gateway.stop()
  await realClock.sleep(50)
  holding.resolve()
  await stopping
  let isGone = false
  void at.receiver.arrivals[0]!.gone.then(() => (isGone = true))
  await realClock.sleep(0)
  expect(isGone).toBe(false)
})

it('says that its store is away, takes nothing that it could lose, and forwards as before', async () => {
  const away = { kind: 'redis' as const, url: `redis://127.0.0.1:${await freePort()}`, timeout: 200 }
  await using at = await under(accepted, {}, { store: away })
  const refused = await at.post('/webhooks', report)
  expect([refused.status, refused.json.error.code, refused.headers['retry-after']]).toEqual([503, 'store_unavailable', '1'])
  expect((await at.gateway.ask('/webhook-receiver/any')).status).toBe(202)
})

it('lets operators alone list, replay and clean up', async () => {
  await using at = await under(accepted, { server: { adminToken: 's3cret' } })
  for (const path of ['/webhooks', '/webhooks/dead-letters']) expect((await at.gateway.ask(path)).status).toBe(403)
  for (const path of ['/webhook-cleanup', '/webhooks/dead-letters/replay']) expect((await at.post(path)).status).toBe(403)
  expect((await at.post('/webhooks', report)).status).toBe(202)
})

it('counts for /metrics', async () => {
  await using at = await under((response) => answer(response, 422))
  await at.post('/webhooks', report)
  await at.settled('report-1', 'failed')
  const { text } = await at.gateway.ask('/metrics')
  expect(text).toContain('gateway_webhooks_total{status="failed"} 1')
  expect(text).toContain('gateway_webhook_pending 0')
})
