// What one user may have of the services, through a real gateway: each refusal as clients see it, and what others notice of it.
import { expect, it } from 'vitest'
import type { GatewayConfigInput } from '../../../../src/gateway/config.ts'
import { answer, rig, scriptedUpstream } from '../rig.ts'

type Section = NonNullable<NonNullable<GatewayConfigInput['services']>['quotas']>

async function under(quotas: Section) {
  const stack = new AsyncDisposableStack()
  const upstream = stack.use(await scriptedUpstream((response) => answer(response)))
  const services = { quotas, operations: {}, status: {} }
  const gateway = stack.use(await rig({ gcs: upstream.url }, { config: { services } }))
  const as = (user: string | undefined) => async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) => {
    const headers = { 'x-request-id': 'r-1', ...(user !== undefined && { 'x-user-id': user }) }
    const { status, text, ...rest } = await gateway.ask(path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status, headers: rest.headers, json: JSON.parse(text) as Record<string, unknown> }
  }
  return { as, gateway, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

const envelope = (code: string, message: string, technical_message: string, retryable: boolean) => ({
  error: { code, message, technical_message, retryable, error_id: expect.any(String) as string, request_id: 'r-1' },
})
const tooMuch = 'You have used up what you may have at once. Please try again shortly.'
const episode = (id: string) => ({ kind: 'episode', operation_id: id })

it('refuses more requests of one user than its quota, and nobody else', async () => {
  await using at = await under({ api: { limit: 2, per: '1h' } })
  const [ada, bob] = [at.as('ada'), at.as('bob')]
  expect([await ada('GET', '/quotas'), await ada('GET', '/quotas')].map(({ status }) => status)).toEqual([200, 200])
  const refused = await ada('POST', '/operations', episode('a'))
  expect(refused.status).toBe(429)
  expect(refused.json).toEqual(
    envelope(
      'quota_exceeded',
      `${tooMuch} At most 2 requests in 3600 s are accepted.`,
      'this user sends more than 2 requests in 3600 s',
      true,
    ),
  )
  expect(refused.headers).toMatchObject({ 'x-gateway-error': 'quota_exceeded', 'x-gateway-outcome': 'limited', 'retry-after': '1800' })
  expect((await bob('GET', '/quotas')).status).toBe(200)
  // Neither what is forwarded nor what operators ask counts.
  expect((await ada('GET', '/gcs/object')).status).toBe(200)
  expect((await ada('GET', '/v1/api/status/services')).status).toBe(200)
  expect((await at.gateway.ask('/metrics')).text).toContain('gateway_quota_refusals_total{quota="api"} 1')
})

it('counts requests without a name as one user', async () => {
  await using at = await under({ api: { limit: 1, per: '1h' } })
  expect((await at.as(undefined)('GET', '/quotas')).json).toMatchObject({ user: null })
  expect((await at.as('')('GET', '/quotas')).status).toBe(429)
  expect((await at.as('ada')('GET', '/quotas')).status).toBe(200)
})

it.each([
  ['too long', 'a'.repeat(101)],
  ['of two words', 'ada bob'],
  ['with letters beyond ASCII', 'adä'],
])('refuses a name that is %s', async (_what, user) => {
  await using at = await under({ operations: 1 })
  expect((await at.as(user)('POST', '/operations', episode('a'))).status).toBe(400)
})

it('keeps names apart that mean something elsewhere', async () => {
  await using at = await under({ operations: 1, storage: { bytes: 10 } })
  for (const [nth, user] of ['__proto__', 'constructor', 'a:b', 'a%3Ab', '../etc'].entries()) {
    expect((await at.as(user)('POST', '/operations', episode(`ep-${nth}`))).status).toBe(201)
    expect((await at.as(user)('PUT', '/quotas/storage/a%2F..%2Fb', { bytes: 10 })).status).toBe(201)
  }
})

it('refuses more operations at once than the quota, and takes one again when one is over', async () => {
  await using at = await under({ operations: 1 })
  const ada = at.as('ada')
  expect((await ada('POST', '/operations', episode('a'))).status).toBe(201)
  const refused = await ada('POST', '/operations', episode('b'))
  expect([refused.status, refused.headers['retry-after']]).toEqual([429, '1'])
  expect(refused.json).toEqual(
    envelope(
      'quota_exceeded',
      `${tooMuch} At most 1 can be under way at once.`,
      'this user has 1 operation under way, and may have no more',
      true,
    ),
  )
  expect((await at.as('bob')('POST', '/operations', episode('c'))).status).toBe(201)
  expect((await ada('GET', '/quotas')).json).toEqual({ user: 'ada', api: null, operations: { limit: 1, used: 1 }, storage: null })
  await ada('POST', '/operations/a/progress', { attempt: 1, status: 'error', reason: 'no audio' })
  expect((await ada('POST', '/operations', episode('b'))).status).toBe(201)
  expect((await ada('POST', '/operations/a/retry')).status).toBe(429)
  await ada('POST', '/operations/b/progress', { attempt: 1, status: 'done' })
  expect((await ada('POST', '/operations/a/retry')).status).toBe(200)
})

it('refuses bytes beyond the storage with 507, and takes them when something was deleted', async () => {
  await using at = await under({ storage: { bytes: 1000 } })
  const ada = at.as('ada')
  const storage = { limit_bytes: 1000, used_bytes: 800, limit_objects: 10_000, used_objects: 1 }
  expect(await ada('PUT', '/quotas/storage/ep-1.mp3', { bytes: 800 })).toMatchObject({
    status: 201,
    json: { object: 'ep-1.mp3', bytes: 800, storage },
  })
  const refused = await ada('PUT', '/quotas/storage/ep-2.mp3', { bytes: 300 })
  expect(refused.status).toBe(507)
  expect(refused.json).toEqual(
    envelope(
      'storage_full',
      'There is no room left in your storage. Please delete something first. At most 1,000 bytes can be kept.',
      '800 bytes in 1 object are kept, 300 bytes more were asked for; at most 1,000 bytes in 10,000 objects may be',
      false,
    ),
  )
  expect((await at.as('bob')('PUT', '/quotas/storage/ep-2.mp3', { bytes: 300 })).status).toBe(201)
  expect((await ada('GET', '/quotas')).json).toEqual({ user: 'ada', api: null, operations: null, storage })
  expect(await ada('DELETE', '/quotas/storage/ep-1.mp3')).toMatchObject({
    status: 200,
    json: { object: 'ep-1.mp3', storage: { ...storage, used_bytes: 0, used_objects: 0 } },
  })
  expect((await ada('DELETE', '/quotas/storage/ep-1.mp3')).status).toBe(404)
  expect((await ada('PUT', '/quotas/storage/ep-2.mp3', { bytes: 1000 })).status).toBe(201)
})

it.each([
  ['no bytes', '/quotas/storage/a', {}],
  ['0 bytes', '/quotas/storage/a', { bytes: 0 }],
  ['bytes that are no whole number', '/quotas/storage/a', { bytes: 1.5 }],
  ['more bytes than can be counted', '/quotas/storage/a', { bytes: 1e300 }],
  ['a name that is too long', `/quotas/storage/${'a'.repeat(501)}`, { bytes: 1 }],
  ['a name with a zero byte', '/quotas/storage/a%00b', { bytes: 1 }],
])('refuses %s with 400', async (_what, path, body) => {
  await using at = await under({ storage: { bytes: 1000 } })
  expect((await at.as('ada')('PUT', path, body)).status).toBe(400)
})
