import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../../../src/kernel/random.ts'
import type { FakeSketch } from '../../../../src/project/init/fakes/fake-sketch.ts'
import { fakeSource } from '../../../../src/project/init/fakes/fake-source.ts'
import { sketchFake } from '../../../../src/project/init/openapi/sketch-fake.ts'
import { router } from '../../../../src/upstreams/answering/routing.ts'
import { type Upstream, isUpstream } from '../../../../src/upstreams/define.ts'

const order = { id: 'o-1', note: 'a note that makes the body too long to stand in the line of its route' }
const small = (changes: Partial<FakeSketch>): string =>
  fakeSource({
    name: 'order-desk',
    about: 'orders.yaml',
    routes: [{ name: 'get', method: 'GET', path: '/orders', samples: { headers: {} }, reply: { status: 200, headers: {} } }],
    ...changes,
  })

describe('the file of a fake', () => {
  it('reads as a person would write it', async () => {
    const { fake } = await sketchFake('orders', join(import.meta.dirname, '../openapi/fixtures/orders.yaml'))
    await expect(fakeSource(fake)).toMatchFileSnapshot('./orders-fake.txt')
  })

  it('gives each long body one function, of a name that nothing else has', () => {
    const route = (name: string, value: unknown, bodyName: string) => ({
      name,
      method: 'POST',
      path: `/${name}`,
      samples: { headers: {} },
      reply: { status: 200, headers: {}, body: { value, name: bodyName } },
    })
    const text = small({
      routes: [
        route('a', order, 'order'),
        route('b', order, 'sameOrder'),
        route('c', { ...order, id: 'o-2' }, 'order'),
        route('d', { ...order, id: 'o-3' }, 'default'),
        route('e', { ...order, id: 'o-4' }, 'orderDesk'),
      ],
    })
    expect(text.match(/function \w+/g)).toEqual(['function order', 'function order2', 'function defaultBody', 'function orderDesk2'])
    expect(text.match(/body: \w+\(\)/g)).toEqual(['order', 'order', 'order2', 'defaultBody', 'orderDesk2'].map((name) => `body: ${name}()`))
  })

  it('lets no text of others out of its comment', () => {
    const hostile = 'Shop\nprocess.exit(3)\u2028process.exit(4)\u202e'
    const text = small({ about: hostile })
    expect(text.split('\n')[0]).toContain('Shop process.exit(3) process.exit(4)')
    expect(text).not.toMatch(/^process|[\u2028\u202e]/m)
  })
})

describe('a fake that was written', () => {
  let folder: string
  // Below the tree, where its import of the package can be one of the sources.
  beforeAll(async () => void (folder = await mkdtemp(join(import.meta.dirname, 'written-'))))
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const written = async (name: string, file: string): Promise<Upstream> => {
    const { fake } = await sketchFake(name, join(import.meta.dirname, '../openapi/fixtures', file))
    const path = join(folder, `${name}.ts`)
    await writeFile(path, fakeSource(fake).replace("'gatecrash'", "'../../../../../src/index.ts'"))
    const upstream = ((await import(path)) as Record<string, unknown>)[name]
    if (!isUpstream(upstream)) throw new Error(`${name} exports no upstream`)
    return upstream
  }

  it.each([
    ['orders', 'orders.yaml'],
    ['payments', 'payments.swagger.json'],
  ])('answers each of its samples by the route that it belongs to: %s', async (name, file) => {
    const upstream = await written(name, file)
    const find = router(upstream)
    const answer = upstream.open()
    const routes = Object.values(upstream.routes)
    expect(routes.length).toBeGreaterThan(1)
    for (const route of routes)
      for (const path of route.samples.paths) {
        const found = find(route.method, path.split('?')[0]!)
        expect(found?.route.name).toBe(route.name)
        const request = {
          method: route.method,
          path,
          params: found!.params,
          query: new URLSearchParams(),
          headers: {},
          body: Buffer.alloc(0),
        }
        expect(answer(route.name, { ...request, json: () => undefined, random: seededRandom(1) })).toBeTypeOf('object')
      }
  })
})
