import { expect, it } from 'vitest'
import { gatewayOnly } from '../../../src/contract/headers.ts'
import { requestHeaders, responseHeaders } from '../../../src/gateway/request/headers.ts'

const made = () => 'made-1'

it('passes end-to-end request headers as they were written and drops hop-by-hop ones', () => {
  const raw = [
    'Host',
    'gateway',
    'Accept',
    'a',
    'accept',
    'b',
    'TE',
    'trailers',
    'Transfer-Encoding',
    'chunked',
    'Content-Length',
    '3',
    'X-Own',
    '1',
  ]
  expect(requestHeaders(raw, 'keep-alive', made).sent).toEqual(['Accept', 'a', 'accept', 'b', 'X-Own', '1', 'x-request-id', 'made-1'])
})

it('drops what the Connection header names', () => {
  const raw = ['Connection', 'close, X-Hop', 'X-Hop', 'secret', 'X-End', '1']
  expect(requestHeaders(raw, 'close, X-Hop', made).sent).toEqual(['X-End', '1', 'x-request-id', 'made-1'])
})

it('keeps the request id of the client and makes one for a missing, empty or endless one', () => {
  expect(requestHeaders(['X-Request-Id', 'abc'], undefined, made).requestId).toBe('abc')
  for (const raw of [[], ['x-request-id', ''], ['x-request-id', 'x'.repeat(201)]]) {
    expect(requestHeaders(raw, undefined, made)).toMatchObject({ requestId: 'made-1', sent: ['x-request-id', 'made-1'] })
  }
})

it('notices an idempotency key and passes it on', () => {
  const { sent, idempotencyKey } = requestHeaders(['Idempotency-Key', 'k1'], undefined, made)
  expect(idempotencyKey).toBe(true)
  expect(sent).toContain('k1')
})

it('repeats repeated response headers', () => {
  const passed = responseHeaders({ 'set-cookie': ['a=1', 'b=2'], connection: 'x-hop', 'x-hop': '1', etag: 'e' })
  expect(passed).toEqual(['set-cookie', 'a=1', 'set-cookie', 'b=2', 'etag', 'e'])
})

it('passes no mark that only the gateway may make', () => {
  expect(gatewayOnly.size).toBeGreaterThan(5)
  for (const name of gatewayOnly) expect(responseHeaders({ [name]: 'forged', etag: 'e' })).toEqual(['etag', 'e'])
})
