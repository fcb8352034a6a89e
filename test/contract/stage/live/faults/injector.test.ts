// Every network fault that a scenario can name, in every direction: put on, felt by a canary, taken off, and felt no more.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gemini } from '../../../../../fake-upstreams/gemini.ts'
import type { FaultEvent } from '../../../../../src/evidence/events.ts'
import { faults as author } from '../../../../../src/faults/builders.ts'
import { familyOf, planFault } from '../../../../../src/faults/families.ts'
import type { Fault } from '../../../../../src/faults/fault.ts'
import type { FaultInput } from '../../../../../src/faults/fault-input.ts'
import type { PlannedFault } from '../../../../../src/plan/plan.ts'
import { createInjector } from '../../../../../src/stage/live/faults/injector.ts'
import { sendCanary, sendRedisCanary } from '../../../../../src/stage/live/faults/canary.ts'
import { placeRedis, startRedis } from '../../../../../src/stage/live/redis.ts'
import type { ToxiproxyBackend } from '../../../../../src/toxiproxy/backends/backend.ts'
import { startToxiproxy } from '../../../../../src/toxiproxy/backends/start.ts'
import { extendedToxics, toxics } from '../../../../../src/faults/network/networks.ts'
import { type ServedUpstream, serveUpstream } from '../../../../../src/upstreams/serving/server.ts'
import { component } from '../../../../components.ts'
import { until } from '../../../upstreams/until.ts'

const { cut, packetLoss, resets, sharedLink, shortLived, slowLink, slowNetwork, toxic, unsteadyNetwork } = author
const real = component('toxiproxy-server')

const originals: FaultInput[] = [
  cut('gemini'),
  slowNetwork('gemini', 120, 10, 'both'),
  slowLink('gemini', 20, 'both'),
  toxic('gemini', 'slow_close', { delay: 150 }, { stream: 'both' }),
  toxic('gemini', 'timeout', { timeout: 0 }, { stream: 'both' }),
  resets('gemini'),
  toxic('gemini', 'reset_peer', { timeout: 0 }),
  toxic('gemini', 'slicer', { average_size: 500, size_variation: 10, delay: 100 }, { stream: 'both' }),
  toxic('gemini', 'limit_data', { bytes: 100 }, { stream: 'both' }),
]

const ours: FaultInput[] = [
  unsteadyNetwork('gemini', { latencyMs: 150, deviationMs: 10, distribution: 'pareto' }, 'both'),
  packetLoss('gemini', 1, 0, 'both'),
  sharedLink('gemini', 20, 'both'),
  shortLived('gemini', 50),
]

const planned = (input: FaultInput): Fault[] => {
  const faults = planFault(input, 'faults[0]', [])
  expect(faults).not.toEqual([])
  return faults
}

function felt(choice: string, inputs: FaultInput[]): void {
  let upstream: ServedUpstream
  let toxiproxy: ToxiproxyBackend
  let url: string

  beforeAll(async () => {
    upstream = await serveUpstream(gemini, { seed: 1, write: () => {} })
    toxiproxy = await startToxiproxy(choice, { seed: 1, runId: 'felt' })
    url = `http://${(await toxiproxy.control.createProxy({ name: 'gemini', upstream: `127.0.0.1:${upstream.port}` })).listen}`
  })
  afterAll(async () => {
    await toxiproxy.stop()
    await upstream[Symbol.asyncDispose]()
  })

  const cases = inputs.flatMap((input) => planned(input).map((fault) => [wordsOf(fault), fault] as const))
  it.each(cases)('%s', async (_, what) => {
    const edges: FaultEvent[] = []
    const fault: PlannedFault = { id: 'F1', phase: 'outage', startMs: 0, endMs: 1000, upstream: 'gemini', fault: what }
    await using injector = createInjector({
      targets: { toxiproxy, controlUrls: {}, proxyUrls: { gemini: url }, processes: {}, fakes: {} },
      write: (event) => edges.push(event),
    })
    await injector.inject(fault)
    await until('a bite', () => edges.find(({ edge }) => edge === 'bite'))
    await injector.clear(fault)
    expect(edges.map(({ edge }) => edge)).toEqual(['requested', 'acknowledged', 'bite', 'clear_requested', 'cleared'])
    expect(await sendCanary(url, new AbortController().signal)).toMatchObject({ outcome: 'complete' })
  })
}

describe.skipIf(!component('redis-server').available)('on the way to Redis', () => {
  const { signal } = new AbortController()
  const scope = new AsyncDisposableStack()
  let toxiproxy: ToxiproxyBackend
  let storeUrl: string
  beforeAll(async () => {
    toxiproxy = scope.use(await startToxiproxy('embedded', { seed: 1, runId: 'felt' }))
    const { port, url } = await placeRedis(toxiproxy)
    storeUrl = url
    scope.use(await startRedis({ port, keep: () => () => {}, signal, onReady: () => {} }))
  })
  afterAll(() => scope.disposeAsync())

  const cases = [...originals, ...ours].flatMap((input) => planned(input).map((fault) => [wordsOf(fault), fault] as const))
  it.each(cases)('%s', async (_, what) => {
    const edges: FaultEvent[] = []
    // Only faults of the network are tried.
    const onStore = { ...what, role: 'redis' } as Fault
    const fault: PlannedFault = { id: 'F1', phase: 'outage', startMs: 0, endMs: 1000, fault: onStore }
    const targets = { toxiproxy, controlUrls: {}, proxyUrls: {}, storeUrl, processes: {}, fakes: {} }
    await using injector = createInjector({ targets, write: (event) => edges.push(event) })
    await injector.inject(fault)
    await until('a bite', () => edges.find(({ edge }) => edge === 'bite'))
    await injector.clear(fault)
    expect(edges.map(({ edge }) => edge)).toEqual(['requested', 'acknowledged', 'bite', 'clear_requested', 'cleared'])
    expect(await sendRedisCanary(storeUrl, signal)).toMatchObject({ outcome: 'complete' })
  })
})

const wordsOf = (fault: Fault): string =>
  `${familyOf(fault).name(fault)} ${fault.made === 'network' && fault.is === 'toxic' ? fault.stream : ''}`

describe('on the embedded server, what the canary feels', () => {
  felt('embedded', [...originals, ...ours])
})
describe.skipIf(!real.available)('on a real server, what the canary feels', () => {
  felt(real.available ? `binary=${real.path}` : 'binary', originals)
})

it('is tried with every toxic there is', () => {
  const tried = [...originals, ...ours].flatMap((input) => (input.made === 'network' && input.is === 'toxic' ? [input.toxic.type] : []))
  // A noop does nothing, and the first connections to fail would be those of the canary.
  const others = ['noop', 'fail_first']
  expect([...new Set([...tried, ...others])].toSorted()).toEqual([...Object.keys(toxics), ...Object.keys(extendedToxics)].toSorted())
})
