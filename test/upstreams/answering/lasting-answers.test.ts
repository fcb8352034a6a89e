import { expect, it } from 'vitest'
import { joined } from '../../../src/contract/piece.ts'
import { healthyPlan } from '../../../src/faults/answer-plan.ts'
import { responder } from '../../../src/upstreams/answering/responder.ts'
import { reader } from '../../../src/upstreams/answering/asked.ts'
import { defineUpstream, type UpstreamRequest } from '../../../src/upstreams/define.ts'
import { LastingAnswers } from '../../../src/upstreams/answering/lasting-answers.ts'

const asked: string[] = []

const fake = (state?: () => { count: number }) =>
  defineUpstream(import.meta, {
    name: 'fake',
    latency: '1ms',
    ...(state && { state }),
    routes: {
      plain: { method: 'POST', path: '/plain', reply: (request) => told(request, request.json()) },
      chance: { method: 'GET', path: '/chance', reply: (request) => told(request, request.random.next()) },
      taken: {
        method: 'GET',
        path: '/taken',
        // oxlint-disable-next-line typescript/unbound-method -- a user's route may do so
        reply: ({ random: { integer }, ...request }) => told(request as UpstreamRequest, integer(1e9)),
      },
      header: { method: 'GET', path: '/header', reply: (request) => told(request, request.headers['x-request-id']) },
      spread: { method: 'GET', path: '/spread', reply: (request) => told(request, { ...request.headers }) },
      effect: { method: 'GET', path: '/effect', reply: (request) => ({ ...told(request, 'booked'), effect: 'booked' }) },
    },
  })

function told({ path }: UpstreamRequest, body: unknown) {
  asked.push(path)
  return { body }
}

/** How often a route is asked for the answers to two requests of one question, and the answers. */
function twice(path: string, { state, isQuestion = true }: { state?: () => { count: number }; isQuestion?: boolean } = {}) {
  asked.length = 0
  const { respond, read, answer } = responder(fake(state), 1)
  const [method, body] = path === '/plain' ? ['POST', Buffer.from('{"a":1}')] : ['GET', Buffer.alloc(0)]
  const asking = { method, target: path, body }
  const headersOf = (id: string) => ({ 'x-request-id': id })
  const question = read(asking, headersOf)
  const ask = (id: string) => (isQuestion ? answer(question, id, 0) : respond({ ...asking, headers: headersOf(id) }, 0))
  const answers = ['r-1', 'r-2'].map((id) => ask(id).answer)
  return { times: asked.length, texts: answers.map((each) => (each.is === 'sent' ? String(joined(each.pieces)) : '')) }
}

it('computes the answer to a question once, where neither chance nor memory nor a header has a part in it', () => {
  expect(twice('/plain')).toEqual({ times: 1, texts: ['{"a":1}', '{"a":1}'] })
  expect(twice('/plain', { isQuestion: false }).times).toBe(2)
})

it('asks the route again, where the answer may be another one', () => {
  expect(twice('/plain', { state: () => ({ count: 0 }) }).times).toBe(2)
  for (const path of ['/chance', '/taken']) expect(new Set(twice(path).texts).size).toBe(2)
  expect(twice('/header').texts).toEqual(['r-1', 'r-2'])
  expect(twice('/spread').times).toBe(2)
  expect(twice('/effect').times).toBe(2)
})

it('asks a route that has drawn once with draws of its own each time, as one that is asked for the first time', () => {
  const { read, answer } = responder(fake(), 1)
  const { respond } = responder(fake(), 1)
  const asking = { method: 'GET', target: '/chance', body: Buffer.alloc(0) }
  const question = read(asking, () => ({}))
  const ids = ['r-1', 'r-2', 'r-3']
  const texts = ids.map((id) => answer(question, id, 0).answer).map((each) => each.is === 'sent' && String(joined(each.pieces)))
  expect(new Set(texts).size).toBe(ids.length)
  const anew = ids.map((id) => respond({ ...asking, headers: { 'x-request-id': id } }, 0).answer)
  expect(anew.map((each) => each.is === 'sent' && String(joined(each.pieces)))).toEqual(texts)
})

it('gives another status, or other bytes, where a fault has a part in the answer', () => {
  const { read, answer, faults } = responder(fake(), 1)
  const question = read({ method: 'POST', target: '/plain', body: Buffer.from('{"a":1}') }, () => ({}))
  const ask = () => answer(question, 'r-1', 0).answer
  const good = ask()
  faults.set({ id: 'F1', fault: { is: 'status', status: 503 }, hits: {} })
  expect([ask(), ask()].map((each) => each.is === 'sent' && each.status)).toEqual([503, 503])
  faults.set({ id: 'F1', fault: { is: 'status', status: 429 }, hits: {} })
  expect(ask()).toMatchObject({ status: 429 })
  faults.set({ id: 'F1', fault: { is: 'malformed' }, hits: {} })
  expect(ask()).toMatchObject({ status: 200, whole: false })
  faults.set({ id: 'F1', fault: { is: 'hang' }, hits: {} })
  expect(ask()).toEqual({ is: 'silence' })
  faults.clear('F1')
  expect(ask()).toBe(good)
})

it('tells a HEAD from a GET of one status, and a status with headers from one without', () => {
  const lasting = new LastingAnswers()
  const planOf = (headers: Record<string, string>) => ({ ...healthyPlan(), status: { code: 503, headers } })
  const read = reader(fake())
  const question = (method: string) => read({ method, target: '/plain', body: Buffer.alloc(0) }, () => ({}), true)
  lasting.keep(question('GET'), planOf({}), { is: 'silence' })
  lasting.keep(question('GET'), planOf({ 'retry-after': '1' }), { is: 'cut', how: 'end' })
  expect(lasting.find(question('HEAD'), planOf({}))).toBeUndefined()
  expect(lasting.find(question('GET'), planOf({ 'retry-after': '2' }))).toBeUndefined()
  expect(lasting.find(question('GET'), planOf({ 'retry-after': '1' }))).toEqual({ is: 'cut', how: 'end' })
  expect(lasting.find(question('GET'), planOf({}))).toEqual({ is: 'silence' })
})
