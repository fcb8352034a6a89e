// Stories about any upstream, on a project's system: which upstream they are about, and what they need.
import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { findScenario } from '../../src/project/find-scenario.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { request } from '../../src/scenario/load.ts'
import { type PlanOptions, planScenario } from '../../src/scenario/plan-scenario.ts'
import type { System } from '../../src/scenario/system.ts'
import { defineUpstream } from '../../src/upstreams/define.ts'

const fake = (name: string, streams = false) =>
  defineUpstream(import.meta, {
    name,
    latency: '10ms',
    routes: {
      read: { method: 'GET', path: '/read', reply: () => ({ body: { name } }) },
      write: { method: 'POST', path: '/write', samples: { bodies: [{ stream: false }] }, reply: (asked) => answer(asked.json(), streams) },
      empty: { method: 'GET', path: '/empty', reply: () => ({ status: 204 }) },
      broken: {
        method: 'GET',
        path: '/broken',
        reply: () => {
          throw new Error('no such thing')
        },
      },
    },
  })

/** As a service does that streams when it is asked to. */
function answer(body: unknown, streams: boolean) {
  const isAsked = streams && (body as { stream?: boolean } | undefined)?.stream === true
  return isAsked
    ? { headers: { 'content-type': 'text/event-stream' }, stream: { pieces: ['data: 1\n\n', 'data: 2\n\n'], intervalMs: 5 } }
    : { body: {} }
}

const [orders, payments, chat] = [fake('orders'), fake('payments'), fake('chat', true)]
const checkout = request('checkout', { method: 'POST', path: '/checkout', reaches: ['orders', 'payments'] })
const shop: System = {
  source: 'gatecrash.config.ts',
  upstreams: { orders, payments },
  routes: [orders.read({ weight: 2 }), orders.write(), payments.read({ weight: 2 }), payments.write(), checkout],
  ratePerSecond: 100,
}

async function planOn(name: string, options: Partial<PlanOptions> = {}): Promise<Plan> {
  const { scenario, source } = await findScenario(name)
  return planScenario(scenario, { seed: 42, settings: 'ci', source, isForeign: true, ...options })
}
const generic = readdirSync('scenarios').flatMap((file) => (file.startsWith('generic-') ? file.replace('.ts', '') : []))

it('plays the generic scenarios as ever where there is no config', async () => {
  const told = await Promise.all(
    generic.map(async (name) => {
      const { durationMs, faults, load } = await planOn(name)
      const mix = load.mix.filter(({ probe }) => !probe).map(({ route, weight }) => `${route} ${weight}`)
      const on = [...new Set(faults.map(({ upstream }) => upstream))]
      return `${name} ${durationMs} ms, ${load.rate[0]?.startPerSecond}/s, faults on ${on.join(', ')}: ${mix.join(', ')}`
    }),
  )
  expect(told).toMatchInlineSnapshot(`
    [
      "generic-429 42500 ms, 150/s, faults on gemini: gemini.getModel 2, gemini.generateContent 1, assemblyai.getTranscript 2, assemblyai.createTranscript 1",
      "generic-bodies 49000 ms, 150/s, faults on gemini: gemini.getModel 2, gemini.generateContent 1, assemblyai.getTranscript 2, assemblyai.createTranscript 1",
      "generic-hang 47000 ms, 150/s, faults on gemini: gemini.getModel 2, gemini.generateContent 1, assemblyai.getTranscript 2, assemblyai.createTranscript 1",
      "generic-isolation 48000 ms, 150/s, faults on gemini: gemini.getModel 2, gemini.generateContent 1, assemblyai.getTranscript 2, assemblyai.createTranscript 1",
      "generic-outage 50500 ms, 150/s, faults on gemini: gemini.getModel 2, gemini.generateContent 1, assemblyai.getTranscript 2, assemblyai.createTranscript 1",
      "generic-recovery 55000 ms, 150/s, faults on gemini: gemini.getModel 2, gemini.generateContent 1, assemblyai.getTranscript 2, assemblyai.createTranscript 1",
      "generic-resets 47000 ms, 150/s, faults on gemini: gemini.getModel 2, gemini.generateContent 1, assemblyai.getTranscript 2, assemblyai.createTranscript 1",
      "generic-slow 47000 ms, 150/s, faults on gemini: gemini.getModel 2, gemini.generateContent 1, assemblyai.getTranscript 2, assemblyai.createTranscript 1",
      "generic-streams 49000 ms, 180/s, faults on gemini: gemini.getModel 2, gemini.generateContent 1, assemblyai.getTranscript 2, assemblyai.createTranscript 1, gemini.streamGenerateContent 2",
    ]
  `)
})

it.each(generic.filter((name) => name !== 'generic-streams'))('plays %s on the upstreams, routes and rate of a config', async (name) => {
  const plan = await planOn(name, { system: shop })
  expect(Object.keys(plan.upstreams)).toEqual(['orders', 'payments'])
  expect(plan.load.mix.filter(({ probe }) => !probe).map(({ route }) => route)).toEqual(shop.routes.map(({ route }) => route))
  expect(new Set(plan.faults.map(({ upstream }) => upstream))).toEqual(new Set(['orders']))
  expect(Math.max(...plan.load.rate.map(({ startPerSecond }) => startPerSecond))).toBe(100)
})

it.each([5, 20, 40, 75])(
  'plays generic-recovery at %d requests a second: what follows its first outage lasts as long as is needed',
  async (rate) => {
    const { phases } = await planOn('generic-recovery', { system: { ...shop, ratePerSecond: rate } })
    const { startMs, endMs } = phases.find(({ name }) => name === 'between')!
    // 149 of the 6 requests of 9 that are for orders, from 8.5 s on.
    expect(endMs - startMs - 8500).toBeGreaterThan(((149 * 9) / 6 / rate) * 900)
    expect(endMs - startMs - 8500).toBeLessThan(((149 * 9) / 6 / rate) * 1700 + 3500)
  },
)

it('refuses a rate at which nobody would see the end', async () => {
  await expect(planOn('generic-recovery', { system: { ...shop, ratePerSecond: 0.2 } })).rejects.toThrow(
    /load\.rate {2}is so low that the run would last .* raise it/,
  )
})

it('is about the upstream that is named', async () => {
  const { faults } = await planOn('generic-outage', { system: shop, upstream: 'payments' })
  expect(new Set(faults.map(({ upstream }) => upstream))).toEqual(new Set(['payments']))
  await expect(planOn('generic-outage', { system: shop, upstream: 'payment' })).rejects.toThrow(
    'unknown upstream "payment"; did you mean "payments"?',
  )
  await expect(planOn('gemini-outage', { system: shop, upstream: 'gemini' })).rejects.toThrow('the story names its upstreams itself')
})

it('asks nothing about neighbours where there are none, and says so', async () => {
  const alone: System = { ...shop, upstreams: { orders }, routes: [orders.read({ weight: 2 }), orders.write()] }
  const { criteria, claims } = await planOn('generic-outage', { system: alone })
  expect(criteria.map(({ criterion }) => criterion.kind)).not.toContain('unharmed')
  expect(claims?.[0]?.unasked).toEqual(['what its neighbours notice: no route of the mix reaches another upstream without orders'])
  await expect(planOn('generic-isolation', { system: alone })).rejects.toThrow('add a route that reaches another one alone')
})

it('takes no upstream for a neighbour that is only reached together with the one that it is about', async () => {
  const together: System = { ...shop, routes: [orders.read({ weight: 2 }), orders.write(), checkout] }
  const { criteria } = await planOn('generic-outage', { system: together })
  expect(criteria.map(({ criterion }) => criterion.kind)).not.toContain('unharmed')
  await expect(planOn('generic-isolation', { system: together })).rejects.toThrow('add a route that reaches another one alone')
})

it('finds the route that streams, by asking the fake with the bodies of the load, on whichever upstream has it', async () => {
  const streams = { bodies: [{ stream: true }] }
  const routes = [orders.read(), orders.write(streams), chat.read(), chat.write(streams)]
  const plan = await planOn('generic-streams', { system: { ...shop, upstreams: { orders, chat }, routes } })
  const hits = plan.faults.map(({ upstream, fault }) => [upstream, fault.made === 'request' && fault.hits.routes])
  expect(hits).toEqual([1, 2, 3].map(() => ['chat', ['write']]))
  await expect(planOn('generic-streams', { system: shop })).rejects.toThrow('no route of the load is answered by an event stream; add one')
})

it('finds no body where answers have none, or where the fake throws', async () => {
  const system: System = { ...shop, upstreams: { orders }, routes: [orders.empty(), orders.broken()] }
  await expect(planOn('generic-bodies', { system })).rejects.toThrow('no route of the load has a body in its answer; add one')
})

it('lasts longer at a lower rate, so that criteria stay decidable', async () => {
  const [slow, quick] = await Promise.all(
    [60, 150].map((ratePerSecond) => planOn('generic-outage', { system: { ...shop, ratePerSecond } })),
  )
  expect(slow!.durationMs).toBeGreaterThan(quick!.durationMs)
  expect((await planOn('generic-outage', { system: shop, ratePerSecond: 60 })).durationMs).toBe(slow!.durationMs)
})

it("sends what headers every request of the gateway carries, a route's own first", async () => {
  const system: System = {
    ...shop,
    routes: [orders.read({ headers: { 'X-Config': 'own' } }), orders.write(), payments.read({ weight: 2 })],
  }
  const { load } = await planOn('generic-outage', { system, headers: { 'x-config': '{upstreams.orders.url}', 'x-more': '1' } })
  expect(load.mix.slice(0, 2).map(({ headers }) => headers)).toEqual([
    { 'X-Config': 'own', 'x-more': '1' },
    { 'x-config': '{upstreams.orders.url}', 'x-more': '1' },
  ])
  // Probes are asked like them.
  expect(load.mix.find(({ probe }) => probe)?.headers['x-more']).toBe('1')
})

it('expects what the config and then the scenario say, setting by setting', async () => {
  const expects = { orders: { breaker: { failures: 10 } }, payments: { breaker: { failureRate: { ratio: 0.5 } } } }
  const { upstreams, expects: known } = (await planOn('generic-outage', { system: { ...shop, expects } })).gateway
  expect(upstreams['orders']?.breaker).toMatchObject({ failures: 10, recovery: 5000 })
  // Failures in a row are not added to a rate that somebody expects.
  expect(upstreams['payments']?.breaker).toMatchObject({ failures: 0, failureRate: { ratio: 0.5 }, recovery: 5000 })
  expect(known).toEqual({ orders: ['breaker'], payments: ['breaker'] })
})

it('plays as long where a config says that there is no breaker', async () => {
  const expects = { orders: { breaker: undefined } }
  const without = await planOn('generic-outage', { system: { ...shop, expects } })
  expect(without.durationMs).toBe((await planOn('generic-outage', { system: shop })).durationMs)
  expect(without.criteria.map(({ criterion }) => criterion.kind)).not.toContain('opens_within')
})
