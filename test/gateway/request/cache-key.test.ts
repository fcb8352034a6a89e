import type { IncomingMessage } from 'node:http'
import { expect, it } from 'vitest'
import { cacheKeyOf } from '../../../src/gateway/request/cache-key.ts'

function request(headers: Record<string, string> = {}, method = 'POST', url = '/gemini/v1/models'): IncomingMessage {
  // Only what the key is made of.
  return { method, url, headers } as unknown as IncomingMessage
}

it('tells questions apart by the parts that the settings name, and by nothing else', () => {
  const body = Buffer.from('hello')
  expect(cacheKeyOf(['path', 'body'], request(), body)).toBe(cacheKeyOf(['path', 'body'], request({}, 'PUT'), body))
  expect(cacheKeyOf(['path', 'body'], request(), body)).not.toBe(cacheKeyOf(['path', 'body'], request(), Buffer.from('hullo')))
  expect(cacheKeyOf(['path'], request(), body)).not.toBe(cacheKeyOf(['path'], request({}, 'POST', '/gemini/v1/models?x=1'), body))
  expect(cacheKeyOf(['method', 'path'], request(), undefined)).not.toBe(cacheKeyOf(['method', 'path'], request({}, 'GET'), undefined))
})

it.each(['authorization', 'cookie', 'x-api-key', 'x-goog-api-key'])('tells two askers apart by their %s, and does not keep it', (name) => {
  const one = cacheKeyOf(['path'], request({ [name]: 'Bearer one' }), undefined)
  expect(one).not.toBe(cacheKeyOf(['path'], request({ [name]: 'Bearer two' }), undefined))
  expect(one).not.toContain('Bearer one')
})
