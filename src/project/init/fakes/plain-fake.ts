// The fake of an upstream of which only the name is known: one thing to read, a list of them, and one to make.
import { camelCase } from '../identifiers.ts'
import type { FakeSketch, RouteSketch } from './fake-sketch.ts'

/** `orders` has getOrder, listOrders and createOrder, below /orders. */
export function plainFake(name: string): FakeSketch {
  const singular = name.replace(/(?<!s)s$/, '')
  const thing = { id: '1', kind: singular }
  const route = (verb: string, noun: string, method: string, path: string, status: number, value: unknown): RouteSketch => ({
    name: camelCase(`${verb} ${noun}`),
    method,
    path,
    samples: {
      ...(path.includes('{') && { path: path.replace('{id}', '1') }),
      ...(method === 'POST' && { body: { value: { kind: singular }, name: 'asked' } }),
      headers: {},
    },
    reply: { status, headers: {}, body: { value, name: 'answer' } },
  })
  return {
    name,
    about: name,
    routes: [
      route('get', singular, 'GET', `/${name}/{id}`, 200, thing),
      route('list', name, 'GET', `/${name}`, 200, [thing]),
      route('create', singular, 'POST', `/${name}`, 201, thing),
    ],
  }
}
