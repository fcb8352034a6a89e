import { expect, it } from 'vitest'
import { marks } from '../../src/contract/headers.ts'
import { joined, type Piece } from '../../src/contract/piece.ts'
import { keptResponse } from '../../src/gateway/cache/kept-response.ts'
import { givenSubstitute } from '../../src/simulation/given-answer.ts'
import { writtenJson } from '../../src/upstreams/written-json.ts'

const json = writtenJson({ a: 1 })
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': '7' }

function given(body: Piece, method = 'GET', readsHeaders = false) {
  const response = keptResponse(new Map(), { status: 200, headers, body, tookMs: 5 }, 0, { maxAge: 60_000, staleIfError: 60_000 })
  if (!response) throw new Error('expected an answer that may be kept')
  const substitute = { use: 'cached', response, ageMs: 3000 } as const
  return givenSubstitute(
    { source: 'cached', outcome: 'fallback', reason: 'circuit_open', attempts: 0, substitute },
    'r-1',
    2,
    method,
    readsHeaders,
  )
}

it('gives what is kept as JSON with its measures, and with the marks alone that a client classifies it by', () => {
  const { status, headers: told, sum } = given(json)
  expect([status, sum]).toEqual([200, json])
  expect(told).toEqual({ [marks.outcome]: 'fallback', [marks.fallback]: 'cached', [marks.fallbackReason]: 'circuit_open' })
})

it.each([
  ['its client reads headers', given(json, 'GET', true)],
  ['its client gets no body', given(json, 'HEAD')],
  ['it was kept as bytes, of which nothing is known', given(Buffer.from('{"a":1}'))],
])('gives all its headers, and nothing measured, where %s', (_, { headers: told, sum, pieces }) => {
  expect(sum).toBeUndefined()
  expect(told).toMatchObject({ 'content-type': headers['content-type'], age: '3', [marks.fallback]: 'cached' })
  expect(String(joined(pieces))).toBe('{"a":1}')
})
