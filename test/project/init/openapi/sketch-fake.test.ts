import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Document } from '../../../../src/project/init/openapi/document.ts'
import { sketchDocument, sketchFake } from '../../../../src/project/init/openapi/sketch-fake.ts'

const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name)

const described = (paths: Document['paths'], rest: Partial<Document> = {}): ReturnType<typeof sketchDocument> =>
  sketchDocument('shop', 'shop.yaml', { paths, ...rest })

const answering = (response: object, request?: object) => {
  const [route] = described({ '/a': { post: { ...(request && { requestBody: request }), responses: { 200: response } } } }).fake.routes
  return route!
}

describe('the fake of a description', () => {
  it('has a route for each operation, below the path of the first server', async () => {
    const { fake, leftOut } = await sketchFake('orders', fixture('orders.yaml'))
    expect(fake.about).toBe('Orders API (orders.yaml)')
    expect(fake.routes.map(({ name, method, path }) => `${name}: ${method} ${path}`)).toEqual([
      'listOrders: GET /v2/orders',
      'createOrder: POST /v2/orders',
      'getOrdersLatest: GET /v2/orders/latest',
      'ordersGetById: GET /v2/orders/{order_id}',
      'deleteOrdersByOrderId: DELETE /v2/orders/{order_id}',
      'getOrdersByOrderIdChanges: GET /v2/orders/{order_id}/changes',
    ])
    expect(leftOut).toEqual([])
  })

  it('asks with what is required, and answers with samples of the schema, though it holds itself', async () => {
    const { fake } = await sketchFake('orders', fixture('orders.yaml'))
    const [list, create, , get, remove, changes] = fake.routes
    const order = { id: 'o-1', state: 'open', placed: '2026-01-05T09:00:00Z', lines: [{ article: 'a-7', count: 1 }] }
    expect(list).toMatchObject({
      samples: { path: '/v2/orders?customer=c-17' },
      reply: { body: { value: order, name: 'order', list: true } },
    })
    expect(create?.samples.body?.value).toEqual({ state: 'open', placed: order.placed, lines: order.lines })
    expect(create?.reply).toMatchObject({ status: 201, body: { value: order, name: 'order' } })
    expect(get?.samples.path).toBe('/v2/orders/order-id-1')
    expect(remove?.reply).toEqual({ status: 204, headers: {} })
    expect(changes?.reply).toMatchObject({
      streamed: true,
      headers: { 'content-type': 'text/event-stream' },
      body: { value: 'data: paid\n\n' },
    })
    expect(fake.failure?.value).toEqual({ error: 'unavailable' })
  })

  it('is made of Swagger 2 as well', async () => {
    const { fake } = await sketchFake('payments', fixture('payments.swagger.json'))
    expect(fake.routes).toMatchObject([
      {
        name: 'charge',
        path: '/pay/charges',
        samples: { body: { value: 'amount=12&currency=EUR' }, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
        reply: { body: { value: { id: 7, state: 'held' } } },
      },
      { name: 'getChargesById', path: '/pay/charges/{id}', samples: { path: '/pay/charges/1' } },
    ])
  })

  it('is made of a description in several files, and follows no extension', async () => {
    const { fake } = await sketchFake('parts', fixture('several-files.yaml'))
    expect(fake.routes).toMatchObject([{ name: 'getPart', path: '/parts/{id}', reply: { body: { value: { id: 'p-3' } } } }])
  })

  it('takes the operations that can be read, and says which it left out', () => {
    const { fake, leftOut } = described({
      '/good': { get: { responses: { 200: {} } } },
      '/bad': { get: { responses: 'none' }, post: null },
      '/worse': 7,
      '/good/{a}': { get: {} },
      '/good/{b}': { get: {} },
    })
    expect(fake.routes.map(({ path }) => path)).toEqual(['/good', '/good/{a}'])
    expect(leftOut).toEqual([
      expect.stringMatching(/^\/bad: GET\.responses .*"none"/),
      expect.stringMatching(/^\/worse: /),
      'GET /good/{b}: another route has its pattern',
    ])
  })

  it('is refused where no operation is left', () => {
    expect(() => described({ '/bad': { get: 7 } })).toThrow(/shop\.yaml describes no operation that a fake could have:\n {2}\/bad: GET /)
  })

  it('never asks for a path that another of its routes answers', () => {
    const { fake } = described({
      '/orders/latest': { get: {} },
      '/orders/{id}': { get: { parameters: [{ name: 'id', in: 'path', example: 'latest' }] } },
    })
    expect(fake.routes[1]?.samples.path).toBe('/orders/id-1')
  })
})

describe('a body', () => {
  it.each([
    ['an example of its own', { example: { id: 1 }, schema: { type: 'string' } }, { id: 1 }],
    ['the first of several examples', { examples: { one: { value: { id: 2 } }, two: { value: {} } } }, { id: 2 }],
    ['an example that holds JSON as a text', { example: '{"id":3}' }, { id: 3 }],
    ['a text, as JSON', { schema: { type: 'string', example: 'yes' } }, '"yes"'],
    ['a schema of which nothing is known', { schema: {} }, {}],
  ])('is %s', (_, media, value) => {
    expect(answering({ content: { 'application/json': media } }).reply.body?.value ?? {}).toEqual(value)
  })

  it('has what is required alone where a full sample is longer than anybody reads', () => {
    const properties = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`property${at}`, { type: 'string' }]))
    const { reply } = answering({ content: { 'application/json': { schema: { type: 'object', required: ['property7'], properties } } } })
    expect(reply.body?.value).toEqual({ property7: 'property7' })
  })

  it.each([
    ['application/vnd.shop+json', { a: 1 }, { a: 1 }, 'application/vnd.shop+json'],
    ['text/csv', 'a;b', 'a;b', 'text/csv'],
    ['application/pdf', {}, 'bytes', 'application/pdf'],
    ['image/*', {}, 'bytes', 'application/octet-stream'],
  ])('of %s is sent as such', (type, example, value, sentAs) => {
    expect(answering({ content: { [type]: { example } } }).reply).toMatchObject({ headers: { 'content-type': sentAs }, body: { value } })
  })

  it('prefers JSON to whatever else is offered', () => {
    const { reply } = answering({ content: { 'text/html': { example: '<p>' }, 'application/json; charset=utf-8': { example: { a: 1 } } } })
    expect(reply).toMatchObject({ body: { value: { a: 1 } } })
  })

  it('of a request is what will be written as JSON, in a type of its own', () => {
    const asked = { content: { 'application/vnd.shop+json': { example: 'a text' } } }
    expect(answering({}, asked).samples).toMatchObject({
      body: { value: 'a text' },
      headers: { 'content-type': 'application/vnd.shop+json' },
    })
  })

  it('of a form with files has parts', () => {
    const schema = { type: 'object', properties: { file: { type: 'string', format: 'binary' }, note: { type: 'string', example: 'hi' } } }
    const { samples } = answering({}, { content: { 'multipart/form-data': { schema } } })
    const boundary = /boundary=(.+)/.exec(samples.headers['content-type'] ?? '')?.[1]
    expect(samples.body?.value).toContain(`--${boundary}\r\ncontent-disposition: form-data; name="note"\r\n\r\nhi\r\n`)
  })
})
