import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { joined } from '../../../src/contract/piece.ts'
import { healthyPlan } from '../../../src/faults/answer-plan.ts'
import { type Answer, answerWith } from '../../../src/upstreams/answering/answer.ts'
import { type Answered, responder } from '../../../src/upstreams/answering/responder.ts'
import type { RequestFault } from '../../../src/faults/requests.ts'
import type { Upstream } from '../../../src/upstreams/define.ts'
import { asSent } from './as-sent.ts'
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
  return { ...answer, text: joined(answer.pieces).toString() }
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

it('says the length of each body of JSON, whatever lengths it has said before', () => {
  const lengths = [...Array.from({ length: 3000 }, (_, at) => at + 4), 5, 1029, 2053, 5, 5]
  for (const length of lengths) {
    const answer = answerWith({ body: ['x'.repeat(length - 4)] }, healthyPlan(), false)
    const texts = answerWith({ body: 'x'.repeat(length) }, healthyPlan(), false)
    expect(answer).toMatchObject({ headers: { 'content-type': 'application/json; charset=utf-8', 'content-length': String(length) } })
    expect(texts).toMatchObject({ headers: { 'content-type': 'text/plain; charset=utf-8', 'content-length': String(length) } })
  }
})

it('answers HEAD with the headers of GET, its length included', () => {
  const [get, head] = [sent('/greet/ada'), sent('/greet/ada', [], 'HEAD')]
  expect([head.pieces, head.headers]).toEqual([[], get.headers])
  expect(head.headers['content-length']).toBe(String(greeting.length))
  const failed = sent('/greet/ada', [{ is: 'status', status: 503 }], 'HEAD')
  expect(failed).toMatchObject({ status: 503, pieces: [], headers: { 'content-length': '14' } })
  expect(sent('/ticks', [], 'HEAD')).toMatchObject({ pieces: [], headers: expect.not.objectContaining({ 'content-length': '0' }) })
})

it.each([
  [204, undefined],
  [205, '0'],
  [304, undefined],
])('answers %s without a body, whatever the route replies', (status, length) => {
  const replies = [
    { body: { a: 1 } },
    { body: 'text' },
    { stream: { pieces: ['a'], intervalMs: 0 } },
    { headers: { 'Content-Length': '5' } },
  ]
  for (const reply of replies) {
    const answer = answerWith({ status, ...reply }, healthyPlan(), false)
    expect(answer).toMatchObject({ is: 'sent', status, pieces: [] })
    expect((answer as Answer & { is: 'sent' }).headers['content-length']).toBe(length)
  }
})

describe('a route that cannot reply', () => {
  const circle: Record<string, unknown> = {}
  circle['itself'] = circle

  it.each<[string, () => unknown]>([
    [
      'throws an error',
      () => {
        throw new Error('mine')
      },
    ],
    [
      'throws nothing at all',
      () => {
        throw undefined
      },
    ],
    ['replies a promise', () => Promise.resolve({ body: 'late' })],
    ['replies nothing', () => undefined],
    ['replies null', () => null],
    ['replies a text', () => 'hello'],
    ['replies a status below 200', () => ({ status: 101 })],
    ['replies a status above 599', () => ({ status: 1000 })],
    ['replies a status that is no number', () => ({ status: '200' })],
    ['replies a header with a line break', () => ({ headers: { 'x-a': 'a\r\nb: c' } })],
    ['replies a header without a name', () => ({ headers: { '': 'a' } })],
    ['replies a header without a value', () => ({ headers: { 'x-a': undefined } })],
    ['replies a circle', () => ({ body: circle })],
    ['replies a bigint', () => ({ body: { n: 1n } })],
    ['replies a function', () => ({ body: () => 1 })],
    ['replies a stream without pieces', () => ({ stream: {} })],
  ])('%s: the answer is a 500 of the service, and the throw is told', (_, reply) => {
    const broken = { ...demo, open: () => reply } as unknown as Upstream
    const { respond } = responder(broken, 1)
    const asked = respond({ method: 'GET', target: '/greet/ada', headers: {}, body: Buffer.alloc(0) }, 0)
    expect(asked).toMatchObject({ answer: { is: 'sent', status: 500, headers: { 'content-length': '14' } }, thrown: expect.anything() })
    expect(joined((asked.answer as Answer & { is: 'sent' }).pieces).toString()).toBe('{"broken":500}')
  })

  it('is answered in plain words where its error body throws too', () => {
    const fail = (): never => {
      throw new Error('mine')
    }
    const { respond } = responder({ ...demo, open: () => fail, errorBody: fail }, 1)
    const { answer } = respond({ method: 'GET', target: '/greet/ada', headers: {}, body: Buffer.alloc(0) }, 0)
    expect(joined((answer as Answer & { is: 'sent' }).pieces).toString()).toBe('{"error":"Internal Server Error"}')
  })
})

it('draws an answer from the seed and the ordinal', () => {
  const throws = () => {
    const { respond } = responder(demo, 3)
    return Array.from({ length: 20 }, () =>
      asSent(respond({ method: 'GET', target: '/dice', headers: {}, body: Buffer.alloc(0) }, 0).answer),
    )
  }
  expect(throws()).toEqual(throws())
  expect(new Set(throws().map((answer) => JSON.stringify(answer))).size).toBeGreaterThan(3)
})

describe('a status', () => {
  it('comes in the failure shape of the upstream', () => {
    expect(sent('/greet/ada', [{ is: 'status', status: 503 }])).toMatchObject({ status: 503, text: '{"broken":503}' })
  })

  it('carries the headers that the upstream says of its failures, and none where they cannot be sent', () => {
    const headersUnder = (errorHeaders: Upstream['errorHeaders']) => {
      const { faults, respond } = responder({ ...demo, errorHeaders }, 1)
      faults.set({ id: 'F1', fault: { is: 'status', status: 429 }, hits: {} })
      return respond({ method: 'GET', target: '/greet/ada', headers: {}, body: Buffer.alloc(0) }, 0).answer
    }
    expect(headersUnder((code) => ({ 'x-left': String(code) }))).toMatchObject({ status: 429, headers: { 'x-left': '429' } })
    for (const broken of [{ 'x-a': 'a\r\nb: c' }, undefined, null] as never[])
      expect(headersUnder(() => broken)).toMatchObject({ status: 429, headers: expect.not.objectContaining({ 'x-a': expect.anything() }) })
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
    expect(asSent(visit())).toEqual(asSent(answerTo('/visits', [], 'POST')))
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
    const bytes = joined(answer.pieces)
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
    expect(asSent(refused.answer)).toMatchObject({ status: 503, whole: true, pieces: [Buffer.from('{"broken":503}')] })
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

describe('a stream that goes wrong in its middle', () => {
  const [one, two] = ['data: {"n":1}\n\n', 'data: {"n":2}\n\n']

  it.each([0, 0.5, 1])('stalls after %s of it, with whole events and no end', (fraction) => {
    expect(sent('/ticks', [{ is: 'stalled_stream', fraction }])).toMatchObject({ text: one, ending: 'hold', whole: false })
  })

  it('ends early as if it were complete', () => {
    expect(sent('/ticks', [{ is: 'cut_stream', fraction: 0.5 }])).toMatchObject({ text: one, ending: 'complete', whole: false })
  })

  it('tells an error, by an event of that name where its body does not call itself one', () => {
    const told = sent('/ticks', [{ is: 'stream_error', status: 529, fraction: 0.5 }])
    expect(told).toMatchObject({ status: 200, text: `${one}event: error\ndata: {"broken":529}\n\n`, ending: 'complete', whole: false })
    const { faults, respond } = responder({ ...demo, errorBody: (code) => ({ error: { code } }) }, 1)
    faults.set({ id: 'F1', fault: { is: 'stream_error', status: 529, fraction: 0.5 }, hits: {} })
    const { answer } = respond({ method: 'GET', target: '/ticks', headers: {}, body: Buffer.alloc(0) }, 0)
    expect(joined((answer as Answer & { is: 'sent' }).pieces).toString()).toBe(`${one}data: {"error":{"code":529}}\n\n`)
  })

  it('is whole without such a fault', () => {
    expect(sent('/ticks')).toMatchObject({ text: one + two, whole: true })
  })
})

describe('the faults of streams on an answer that is none', () => {
  it('hold half of the bytes back', () => {
    expect(sent('/greet/ada', [{ is: 'stalled_stream', fraction: 0.5 }])).toMatchObject({
      text: greeting.slice(0, 14),
      ending: 'hold',
      headers: { 'content-length': '28' },
    })
    expect(answerTo('/nothing', [{ is: 'stalled_stream', fraction: 0.5 }], 'DELETE')).toEqual({ is: 'silence' })
  })

  it('end early with a length that fits', () => {
    expect(sent('/greet/ada', [{ is: 'cut_stream', fraction: 0.5 }])).toMatchObject({
      text: greeting.slice(0, 14),
      ending: 'complete',
      headers: { 'content-length': '14' },
      whole: false,
    })
  })

  it('answer 200 with the error as the body, and leave an error as it is', () => {
    const told = sent('/greet/ada', [{ is: 'stream_error', status: 503, fraction: 0.5 }])
    expect(told).toMatchObject({ status: 200, text: '{"broken":503}', whole: false })
    expect(sent('/nowhere', [{ is: 'stream_error', status: 503, fraction: 0.5 }])).toMatchObject({ status: 404, text: '{"broken":404}' })
  })
})

it('answers with a status that HTTP has no name for', () => {
  expect(sent('/greet/ada', [{ is: 'status', status: 529 }])).toMatchObject({ status: 529, text: '{"broken":529}' })
})
