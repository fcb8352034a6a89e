import { expect, it } from 'vitest'
import { substituteResponse } from '../../../src/gateway/request/substitute-response.ts'

const fixed = { use: 'static', status: 200, headers: {}, body: 'sorry' } as const

it.each<[string, object, string[], string | undefined]>([
  ['text', {}, ['content-type', 'text/plain; charset=utf-8', 'content-length', '5'], 'sorry'],
  ['JSON', { body: { a: 1 } }, ['content-type', 'application/json; charset=utf-8', 'content-length', '7'], '{"a":1}'],
  ['its own type', { headers: { 'Content-Type': 'text/html' } }, ['Content-Type', 'text/html', 'content-length', '5'], 'sorry'],
  [
    'its true length',
    { headers: { 'Content-Length': '99', 'content-type': 'a/b' } },
    ['content-type', 'a/b', 'content-length', '5'],
    'sorry',
  ],
  ['no content with 204', { status: 204 }, [], undefined],
  ['no content with 304', { status: 304, headers: { etag: '"e"' } }, ['etag', '"e"'], undefined],
  ['no content with 205', { status: 205 }, ['content-length', '0'], undefined],
])('a static answer has %s', (_what, more, headers, body) => {
  const response = substituteResponse({ ...fixed, ...more })
  expect({ headers: response.headers, body: response.body && String(response.body) }).toEqual({ headers, body })
})
