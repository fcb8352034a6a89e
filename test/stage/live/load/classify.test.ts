import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../../../src/contract/outcome.ts'
import { refusals } from '../../../../src/contract/refusals.ts'
import { type Ending, classify } from '../../../../src/stage/live/load/classify.ts'

const answered = (status: number, headers: Record<string, string> = {}): Ending => ({ is: 'answered', status, headers })

describe('a gateway that marks nothing is judged by status alone', () => {
  const table: [status: number, Outcome][] = [
    [200, 'ok'],
    [204, 'ok'],
    [302, 'ok'],
    [400, 'upstream_error'],
    [404, 'upstream_error'],
    [429, 'limited'],
    [500, 'upstream_error'],
    [502, 'upstream_error'],
    [503, 'upstream_error'],
    [504, 'timeout'],
  ]
  it.each(table)('%i is %s', (status, outcome) => {
    expect(classify(answered(status))).toEqual({ outcome, status })
  })
})

describe('a gateway that marks its answers is believed about its own', () => {
  const table: [reason: string, status: number, Outcome][] = [
    ['circuit_open', 503, 'rejected'],
    ['bulkhead_full', 503, 'shed'],
    ['in_flight_cap', 503, 'shed'],
    ['rate_limited', 429, 'limited'],
    ['timeout', 504, 'timeout'],
    ['deadline', 504, 'timeout'],
    ['connection_error', 502, 'connection_error'],
    ['body_broken', 502, 'connection_error'],
    ['internal', 500, 'upstream_error'],
  ]
  it.each(table)('%s with %i is %s', (reason, status, outcome) => {
    const marks = { 'x-gateway-error': reason, 'x-gateway-outcome': 'whatever' }
    expect(classify(answered(status, marks))).toEqual({ outcome, status, error: reason })
  })

  it('files every reason of the reference gateway under the class that the gateway itself names', () => {
    const reasons = Object.entries(refusals).filter(([, refusal]) => refusal.outcome !== 'refused')
    expect(reasons.length).toBeGreaterThan(5)
    for (const [reason, { status, outcome }] of reasons) {
      expect(classify(answered(status, { 'x-gateway-error': reason }))).toEqual({ outcome, status, error: reason })
    }
  })

  it.each([429, 504])('a %i that it passed on is the error of the upstream', (status) => {
    expect(classify(answered(status, { 'x-gateway-outcome': 'upstream_error' })).outcome).toBe('upstream_error')
  })

  it('does not take its word for a success that the status denies', () => {
    expect(classify(answered(503, { 'x-gateway-outcome': 'ok' })).outcome).toBe('upstream_error')
  })
})

describe('a fallback is neither success nor error', () => {
  it.each([{ 'x-gateway-fallback': 'cached' }, { 'x-gateway-outcome': 'fallback' }])('marked by %o', (marks) => {
    expect(classify(answered(200, marks))).toEqual({ outcome: 'fallback', status: 200 })
  })

  it('keeps the reason for which it was served', () => {
    const marks = { 'x-gateway-outcome': 'fallback', 'x-gateway-fallback': 'cached', 'x-gateway-fallback-reason': 'circuit_open' }
    expect(classify(answered(200, marks))).toEqual({ outcome: 'fallback', status: 200, error: 'circuit_open' })
  })

  it('unless it is an error itself, which hides nothing', () => {
    const marks = { 'x-gateway-outcome': 'fallback', 'x-gateway-fallback': 'route' }
    expect(classify(answered(500, marks))).toEqual({ outcome: 'upstream_error', status: 500 })
    const closed = { 'x-gateway-fallback': 'static', 'x-gateway-fallback-reason': 'circuit_open' }
    expect(classify(answered(503, closed))).toEqual({ outcome: 'rejected', status: 503, error: 'circuit_open' })
  })
})

describe('an answer that calls itself an error is one, whatever its status', () => {
  it('by a reason that nobody knows', () => {
    const marked = answered(200, { 'x-gateway-error': 'database_down' })
    expect(classify(marked)).toEqual({ outcome: 'upstream_error', status: 200, error: 'database_down' })
    expect(classify(answered(404, { 'x-gateway-error': 'no_such_tenant' }), [404]).outcome).toBe('upstream_error')
  })

  it.each(['rejected', 'shed', 'limited', 'timeout', 'upstream_error', 'connection_error', 'damaged'] as const)(
    'by its outcome: %s',
    (named) => {
      expect(classify(answered(200, { 'x-gateway-outcome': named }))).toEqual({ outcome: named, status: 200 })
    },
  )

  it.each(['ok', 'client_timeout', 'hit'])('but not by an outcome that is no error of its own: %s', (named) => {
    expect(classify(answered(200, { 'x-gateway-outcome': named })).outcome).toBe('ok')
  })

  it('by an event of its stream', () => {
    const answer = { events: 3, streamError: 'overloaded' }
    expect(classify({ ...answered(200), answer })).toEqual({ outcome: 'upstream_error', status: 200, error: 'overloaded' })
  })

  it('but a status that the load expects is not one because the gateway calls it so', () => {
    expect(classify(answered(404, { 'x-gateway-outcome': 'upstream_error' }), [404]).outcome).toBe('ok')
  })
})

describe('a body that is broken is damaged', () => {
  it.each([
    [{ parses: false }, 'not_json'],
    [{ events: 1, streamCut: true }, 'event_cut'],
  ] as const)('%o', (answer, error) => {
    expect(classify({ ...answered(200), answer })).toEqual({ outcome: 'damaged', status: 200, error })
    expect(classify({ ...answered(200, { 'x-gateway-fallback': 'cached' }), answer }).outcome).toBe('damaged')
  })

  it('unless the answer is an error already, which needs no good body', () => {
    expect(classify({ ...answered(503), answer: { parses: false } }).outcome).toBe('upstream_error')
    expect(classify({ ...answered(503, { 'x-gateway-error': 'circuit_open' }), answer: { parses: false } }).outcome).toBe('rejected')
  })
})

it('counts an expected status as an answer, and no other', () => {
  expect(classify(answered(404), [404]).outcome).toBe('ok')
  expect(classify(answered(410), [404]).outcome).toBe('upstream_error')
})

it('does not let an expected status excuse a refusal', () => {
  expect(classify(answered(503, { 'x-gateway-error': 'circuit_open' }), [503]).outcome).toBe('rejected')
})

it('calls a broken body a connection error although its status was 200', () => {
  expect(classify({ is: 'broken', status: 200, code: 'UND_ERR_SOCKET' })).toEqual({
    outcome: 'connection_error',
    status: 200,
    error: 'UND_ERR_SOCKET',
  })
})

it.each(['client_timeout', 'halted'] as const)('calls a request given up (%s) unknown, not failed', (code) => {
  expect(classify({ is: 'given_up', status: 0, code })).toEqual({ outcome: 'client_timeout', status: 0, error: code })
})

it('keeps no more than a few words of what an answer says of its error', () => {
  const { outcome, error } = classify(answered(502, { 'x-gateway-error': 'e'.repeat(16_000) }))
  expect(outcome).toBe('upstream_error')
  expect(error).toHaveLength(80)
})
