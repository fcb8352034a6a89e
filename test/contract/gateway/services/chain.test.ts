// One chat over several upstreams: what each failure means to it.
import { expect, it } from 'vitest'
import { checkConfig } from '../../../../src/gateway/config.ts'
import { answer, eventually, rig, type Script, scriptedUpstream } from '../rig.ts'

const steps = [
  { name: 'search', upstream: 'chroma', path: '/query', body: { query_texts: ['{query}'] }, fails: 'open' as const },
  { name: 'charge', upstream: 'billing', path: '/deduct_cost', body: { user_id: '{user_id}', amount: 100 }, fails: 'closed' as const },
  { name: 'save', upstream: 'filesystem', path: '/save/{project_id}', body: { content: '{answer}' }, fails: 'best_effort' as const },
  { name: 'snapshot', upstream: 'git', path: '/snapshot/{project_id}', fails: 'best_effort' as const },
]
const chat = { query: 'who?', user_id: 'user-1', project_id: 'novel 1/..' }

async function chatRig(scripts: Partial<Record<'chroma' | 'billing' | 'filesystem' | 'git', Script>> = {}) {
  const upstream = (script: Script = (response) => answer(response)) => scriptedUpstream(script)
  const [chroma, billing, filesystem, git] = await Promise.all([
    upstream(scripts.chroma ?? ((response) => answer(response, 200, { found: ['x'] }))),
    upstream(scripts.billing),
    upstream(scripts.filesystem),
    upstream(scripts.git),
  ])
  const policies = { timeout: { attempt: '300ms', total: '1s' }, retry: { attempts: 3, base: '1ms' } }
  const gateway = await rig(
    { chroma: chroma.url, billing: billing.url, filesystem: filesystem.url, git: git.url },
    {
      config: {
        upstreams: { chroma: policies, billing: policies, filesystem: policies, git: policies },
        services: { chain: { steps } },
      },
    },
  )
  const ask = async (body: unknown = chat, headers: Record<string, string> = {}) => {
    const answered = await gateway.ask('/v1/api/chat', { method: 'POST', body: JSON.stringify(body), headers })
    return { ...answered, json: JSON.parse(answered.text) as Record<string, unknown> }
  }
  const dispose = async (): Promise<void> => {
    await gateway[Symbol.asyncDispose]()
    for (const each of [chroma, billing, filesystem, git]) await each.close()
  }
  return { ask, chroma, billing, filesystem, git, gateway, [Symbol.asyncDispose]: dispose }
}

it('asks each upstream in turn for one request, and answers before what is best effort', async () => {
  await using rigged = await chatRig()
  const { status, headers, json } = await rigged.ask(chat, { 'x-request-id': 'r-1' })
  expect(status).toBe(200)
  expect(headers).toMatchObject({ 'x-request-id': 'r-1', 'x-gateway-outcome': 'ok' })
  expect(json).toEqual({
    answer: { found: ['x'] },
    steps: { search: { status: 'ok' }, charge: { status: 'ok' }, save: { status: 'begun' }, snapshot: { status: 'begun' } },
  })
  const { chroma, billing, filesystem, git } = rigged
  await eventually('the snapshot', () => git.arrivals.length === 1)
  const seen = [chroma, billing, filesystem, git].map(({ arrivals }) => arrivals.map(({ url, body }) => [url, body.toString()]))
  expect(seen).toEqual([
    [['/query', '{"query_texts":["who?"]}']],
    [['/deduct_cost', '{"user_id":"user-1","amount":100}']],
    [['/save/novel%201%2F..', '{"content":"{\\"found\\":[\\"x\\"]}"}']],
    [['/snapshot/novel%201%2F..', '']],
  ])
  for (const { arrivals } of [chroma, billing, filesystem, git]) expect(arrivals[0]!.headers['x-request-id']).toBe('r-1')
})

it('goes on without the search, and says so', async () => {
  await using rigged = await chatRig({ chroma: (response) => answer(response, 503) })
  const { status, headers, json } = await rigged.ask()
  expect(status).toBe(200)
  expect(headers).toMatchObject({
    'x-gateway-outcome': 'fallback',
    'x-gateway-fallback': 'static',
    'x-gateway-fallback-reason': 'upstream_status',
  })
  expect(json).toMatchObject({ answer: null, steps: { search: { status: 'failed', reason: 'upstream_status' }, charge: { status: 'ok' } } })
})

it.each<[string, Script]>([
  ['fails', (response) => answer(response, 500)],
  ['hangs', () => {}],
  ['breaks off', (response) => response.destroy()],
])('answers 503 with a clear error when billing %s, asks it once, and saves nothing', async (_how, billing) => {
  await using rigged = await chatRig({ billing })
  const { status, headers, json } = await rigged.ask()
  expect(status).toBe(503)
  expect(headers).toMatchObject({ 'x-gateway-error': 'step_failed' })
  expect(json).toEqual({
    error: {
      code: 'service_unavailable',
      message: expect.stringContaining('The step that failed: charge.') as string,
      technical_message: expect.stringContaining('billing failed') as string,
      retryable: true,
      error_id: expect.any(String) as string,
      request_id: expect.any(String) as string,
    },
  })
  expect(rigged.billing.arrivals).toHaveLength(1)
  await rigged.gateway.gateway.stop()
  expect([rigged.filesystem.arrivals, rigged.git.arrivals]).toEqual([[], []])
})

it('asks billing again only under the key that its client has brought', async () => {
  await using rigged = await chatRig({ billing: (response, { ordinal }) => answer(response, ordinal === 0 ? 503 : 200) })
  const { status } = await rigged.ask(chat, { 'idempotency-key': 'k-1' })
  expect(status).toBe(200)
  expect(rigged.billing.arrivals.map(({ headers }) => headers['idempotency-key'])).toEqual(['k-1:charge', 'k-1:charge'])
})

it('is unharmed by a save that hangs and a snapshot that fails', async () => {
  await using rigged = await chatRig({ filesystem: () => {}, git: (response) => answer(response, 500) })
  const { status, headers, tookMs } = await rigged.ask()
  expect([status, headers['x-gateway-outcome']]).toEqual([200, 'ok'])
  expect(tookMs).toBeLessThan(290)
  await eventually('the snapshot was tried', () => rigged.git.arrivals.length > 0)
})

it('finishes what is best effort before it stops', async () => {
  await using rigged = await chatRig({ filesystem: (response) => void setTimeout(() => answer(response), 150) })
  await rigged.ask()
  await rigged.gateway.gateway.stop()
  expect(rigged.git.arrivals).toHaveLength(1)
})

it.each<[string, unknown, number]>([
  ['a field that is missing', { query: 'x', user_id: 'u' }, 400],
  ['a field that is no text', { ...chat, user_id: { $ne: '' } }, 400],
  ['a list', [1], 400],
  ['more than a mebibyte', { ...chat, query: 'x'.repeat(1024 * 1024) }, 413],
])('refuses %s before any upstream is asked', async (_what, body, expected) => {
  await using rigged = await chatRig()
  expect((await rigged.ask(body)).status).toBe(expected)
  expect([rigged.chroma.arrivals, rigged.billing.arrivals]).toEqual([[], []])
})

it('refuses a chain that does not hold together', () => {
  const config = (chain: object) => () => checkConfig('test', { services: { chain } }, { chroma: 'http://127.0.0.1:1' })
  const step = { name: 'a', upstream: 'chroma', path: '/q', fails: 'open' }
  expect(config({ steps: [{ ...step, upstream: 'croma' }] })).toThrow(/services\.chain\.steps\[0\]\.upstream .*did you mean "chroma"/)
  expect(config({ steps: [step, step] })).toThrow(/steps\[1\]\.name .*taken/)
  expect(config({ steps: [{ ...step, fails: 'best_effort' }] })).toThrow(/answer .*not best effort/)
  expect(config({ steps: [step], address: '/chat' })).toThrow(/address .*below \/v1/)
})
