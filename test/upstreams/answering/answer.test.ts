import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { Answer } from '../../../src/upstreams/answering/answer.ts'
import { type Answered, responder } from '../../../src/upstreams/answering/responder.ts'
import type { RequestFault } from '../../../src/faults/requests.ts'
import type { Upstream } from '../../../src/upstreams/define.ts'
import { demo } from '../demo.ts'
import { propertyRuns } from '../../property-runs.ts'

/** The answer to one request under these faults. */
function answerTo(target: string, faults: RequestFault[] = [], method = 'GET', body = ''): Answer {
  const { faults: active, respond } = responder(demo, 1)
  faults.forEach((fault, at) => active.set({ id: `F${at + 1}`, fault, hits: {} }))
  return respond({ method, target, headers: {}, body: Buffer.from(body) }, 0).answer
}

function sent(target: string, faults: RequestFault[] = [], method = 'GET'): Answer & { is: 'sent' } & { text: string } {
  const answer = answerTo(target, faults, method)
  if (answer.is !== 'sent') throw new Error(`expected bytes, got ${JSON.stringify(answer)}`)
  return { ...answer, text: Buffer.concat(answer.pieces).toString() }
}

const greeting = '{"hello":"ada","loud":false}'

it('answers with the reply of the route', () => {
  expect(sent('/greet/ada')).toMatchObject({
    status: 200,
    text: greeting,
    ending: 'complete',
    headers: { 'content-length': String(greeting.length) },
  })
  expect(sent('/greet/ada?loud').text).toContain('"loud":true')
})

it('answers 404 in the failure shape of the upstream where there is no route', () => {
  expect(sent('/nowhere')).toMatchObject({ status: 404, text: '{"broken":404}' })
})

it('answers HEAD and 204 without a body', () => {
  expect(sent('/greet/ada', [], 'HEAD')).toMatchObject({ status: 200, pieces: [] })
  expect(sent('/nothing', [], 'DELETE')).toMatchObject({ status: 204, pieces: [] })
})

it('draws an answer from the seed and the ordinal', () => {
  const throws = () => {
    const { respond } = responder(demo, 3)
    return Array.from({ length: 20 }, () => respond({ method: 'GET', target: '/dice', headers: {}, body: Buffer.alloc(0) }, 0).answer)
  }
  expect(throws()).toEqual(throws())
  expect(new Set(throws().map((answer) => JSON.stringify(answer))).size).toBeGreaterThan(3)
})

describe('a status', () => {
  it('comes in the failure shape of the upstream', () => {
    expect(sent('/greet/ada', [{ is: 'status', status: 503 }])).toMatchObject({ status: 503, text: '{"broken":503}' })
  })

  it('carries Retry-After as it was written', () => {
    expect(sent('/greet/ada', [{ is: 'status', status: 429, retryAfter: '7' }])).toMatchObject({
      status: 429,
      headers: { 'retry-after': '7' },
    })
  })

  it('keeps the upstream from acting on the request', () => {
    const { faults, respond } = responder(demo, 1)
    const visit = () => respond({ method: 'POST', target: '/visits', headers: {}, body: Buffer.alloc(0) }, 0).answer
    faults.set({ id: 'F1', fault: { is: 'status', status: 500 }, hits: { first: 1 } })
    visit()
    expect(JSON.stringify(visit())).toBe(JSON.stringify(answerTo('/visits', [], 'POST')))
  })
})

it('a hang is silence, whatever else is set', () => {
  expect(answerTo('/greet/ada', [{ is: 'status', status: 503 }, { is: 'hang' }])).toEqual({ is: 'silence' })
})

describe('a cut', () => {
  it('before the headers sends nothing', () => {
    expect(answerTo('/greet/ada', [{ is: 'disconnect', when: 'before_headers' }])).toEqual({ is: 'cut', how: 'reset' })
  })

  it('sends a part and promises the whole', () => {
    const answer = sent('/greet/ada', [{ is: 'truncated', fraction: 0.5 }])
    expect(answer).toMatchObject({ headers: { 'content-length': '28' }, text: greeting.slice(0, 14), ending: 'end' })
  })

  it('never sends the whole, whatever its fraction', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 50 }), (fraction, pieces) => {
        const answer = sent('/greet/ada', [
          { is: 'disconnect', when: 'mid_body', fraction },
          { is: 'drip', pieces, intervalMs: 1 },
        ])
        expect(greeting.startsWith(answer.text)).toBe(true)
        expect(answer.text.length).toBe(Math.min(Math.floor(28 * fraction), 27))
      }),
      { numRuns: propertyRuns(0.1) },
    )
  })

  it('comes before the headers where there is no body to break off in', () => {
    expect(answerTo('/nothing', [{ is: 'truncated', fraction: 0.5 }], 'DELETE')).toEqual({ is: 'cut', how: 'end' })
  })
})

describe('a malformed body', () => {
  it('is complete, and is no JSON', () => {
    const answer = sent('/greet/ada', [{ is: 'malformed' }])
    const bytes = Buffer.concat(answer.pieces)
    expect(answer).toMatchObject({
      status: 200,
      ending: 'complete',
      headers: { 'content-length': String(bytes.length), 'content-type': 'application/json; charset=utf-8' },
    })
    expect(() => JSON.parse(bytes.toString())).toThrow(SyntaxError)
  })

  it('keeps the events of a stream apart', () => {
    const events = sent('/ticks', [{ is: 'malformed' }]).text.split('\n\n')
    expect(events).toHaveLength(3)
    expect(() => JSON.parse(events[0]!.slice('data: '.length))).toThrow(SyntaxError)
  })
})

it('a drip is the same bytes in so many pieces', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), (pieces) => {
      const answer = sent('/greet/ada', [{ is: 'drip', pieces, intervalMs: 20 }])
      expect(answer).toMatchObject({ text: greeting, intervalMs: 20, ending: 'complete' })
      expect(answer.pieces).toHaveLength(Math.min(pieces, greeting.length))
    }),
    { numRuns: propertyRuns(0.1) },
  )
})

it('a stream has no Content-Length', () => {
  expect(sent('/ticks').headers).toEqual({ 'content-type': 'text/event-stream' })
})

describe('a fake with a capacity', () => {
  const small = {
    ...demo,
    latency: { is: 'fixed', ms: 100 },
    routes: slowed(),
    capacity: { workers: 1, queue: 1 },
  } as const satisfies Upstream
  const dice = { method: 'GET', target: '/dice', headers: {}, body: Buffer.alloc(0) }
  const told = ({ delayMs, answer }: Answered) => [delayMs, answer.is === 'sent' ? answer.status : answer.is]

  it('lets requests wait for a worker, and refuses at once what finds the queue full', () => {
    const { respond } = responder(small, 1)
    expect([respond(dice, 0), respond(dice, 10), respond(dice, 20)].map(told)).toEqual([
      [100, 200],
      [190, 200],
      [0, 503],
    ])
    expect(told(respond(dice, 150))).toEqual([150, 200])
  })

  it('refuses in the failure shape of the upstream, as if no fault had been set', () => {
    const { respond, faults } = responder(small, 1)
    faults.set({ id: 'F1', fault: { is: 'malformed' }, hits: {} })
    const [first, , refused] = [respond(dice, 0), respond(dice, 0), respond(dice, 0)]
    expect(first.decision.faults).toEqual(['F1'])
    expect(refused.decision.faults).toEqual([])
    expect(refused.answer).toMatchObject({ status: 503, whole: true, pieces: [Buffer.from('{"broken":503}')] })
  })

  it('keeps a worker busy for latency that a fault adds, and for as long as the pieces of a body take', () => {
    const { respond, faults } = responder(small, 1)
    faults.set({ id: 'F1', fault: { is: 'latency', latency: { is: 'fixed', ms: 50 } }, hits: { first: 1 } })
    faults.set({ id: 'F2', fault: { is: 'drip', pieces: 3, intervalMs: 10 }, hits: { first: 1 } })
    expect([respond(dice, 0), respond(dice, 0)].map(told)).toEqual([
      [150, 200],
      [270, 200],
    ])
  })
})

function slowed(): Upstream['routes'] {
  return Object.fromEntries(
    Object.entries(demo.routes).map(([name, route]) => [name, { ...route, latency: { is: 'fixed', ms: 100 } as const }]),
  )
}
