import { expect, it } from 'vitest'
import { defineUpstream } from '../../src/upstreams/define.ts'
import { demo } from './demo.ts'

const latency = { is: 'fixed', ms: 1 } as const

it('knows the file and the export by which another process finds it', () => {
  const evidenceApi = defineUpstream(import.meta, { name: 'evidence-api', latency, routes: {} })
  expect(evidenceApi).toMatchObject({ name: 'evidence-api', module: import.meta.filename, export: 'evidenceApi' })
})

it('makes a route of a load from its samples', () => {
  expect(demo.greet({ weight: 3, during: ['outage'], headers: { accept: 'text/plain' } })).toEqual({
    route: 'demo.greet',
    reaches: [{ upstream: 'demo', route: 'greet' }],
    weight: 3,
    method: 'GET',
    paths: ['/demo/greet/ada', '/demo/greet/bob'],
    headers: { accept: 'text/plain' },
    bodies: [],
    during: ['outage'],
  })
})

it('asks at another address of the gateway, with the names of its own path', () => {
  expect(demo.greet({ at: '/hello/{who}' }).paths).toEqual(['/hello/ada', '/hello/bob'])
  expect(demo.greet({ at: '/hello/{who}/{other}', paths: ['/greet/eve?loud=1'] }).paths).toEqual(['/hello/eve/{other}?loud=1'])
})

it('asks for an idempotency key only where it is wanted', () => {
  expect(demo.visit()).not.toHaveProperty('idempotencyKey')
  expect(demo.visit({ idempotencyKey: true, bodies: [{ a: 1 }] })).toMatchObject({
    idempotencyKey: true,
    bodies: [{ a: 1 }],
    paths: ['/demo/visits'],
  })
})

it('refuses a name that cannot stand in a URL', () => {
  expect(() => defineUpstream(import.meta, { name: 'Evidence API', latency, routes: {} })).toThrow(
    /"Evidence API" needs a name of lower-case letters/,
  )
})

it('refuses a route that is named like a property of every upstream', () => {
  const reply = () => ({})
  expect(() => defineUpstream(import.meta, { name: 'x', latency, routes: { open: { method: 'GET', path: '/', reply } } })).toThrow(
    /route named "open"/,
  )
})

it('refuses a route that no load could ask for', () => {
  const reply = () => ({})
  expect(() => defineUpstream(import.meta, { name: 'x', latency, routes: { get: { method: 'GET', path: '/{id}', reply } } })).toThrow(
    /samples\.paths/,
  )
})

it('gives every server a memory of its own', () => {
  const request = { method: 'POST', path: '/visits', params: {}, headers: {}, body: Buffer.alloc(0), json: () => undefined }
  const ask = (instance: ReturnType<typeof demo.open>) =>
    instance('visit', { ...request, query: new URLSearchParams(), random: undefined as never }).body
  const [first, second] = [demo.open(), demo.open()]
  expect([ask(first), ask(first), ask(second)]).toEqual([{ visits: 1 }, { visits: 2 }, { visits: 1 }])
})
