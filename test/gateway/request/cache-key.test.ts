import type { IncomingMessage } from 'node:http'
import { expect, it } from 'vitest'
import { questionOf } from '../../../src/gateway/request/cache-key.ts'

function request(headers: Record<string, string> = {}, method = 'POST', url = '/gemini/v1/models'): IncomingMessage {
  // Only what the key is made of.
  return { method, url, headers } as unknown as IncomingMessage
}

it('tells questions apart by the parts that the settings name, and by nothing else', () => {
  const body = Buffer.from('hello')
  expect(questionOf(['path', 'body'], request(), body)).toBe(questionOf(['path', 'body'], request({}, 'PUT'), body))
  expect(questionOf(['path', 'body'], request(), body)).not.toBe(questionOf(['path', 'body'], request(), Buffer.from('hullo')))
  expect(questionOf(['path'], request(), body)).not.toBe(questionOf(['path'], request({}, 'POST', '/gemini/v1/models?x=1'), body))
  expect(questionOf(['method', 'path'], request(), undefined)).not.toBe(questionOf(['method', 'path'], request({}, 'GET'), undefined))
})

it.each(['authorization', 'cookie', 'x-api-key', 'x-goog-api-key'])('tells two askers apart by their %s, and does not keep it', (name) => {
  const one = questionOf(['path'], request({ [name]: 'Bearer one' }), undefined)
  expect(one).not.toBe(questionOf(['path'], request({ [name]: 'Bearer two' }), undefined))
  expect(one).not.toContain('Bearer one')
})
