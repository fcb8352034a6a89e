// Every process fault on a real process: put on, seen to act, felt by a client, taken off, and felt no more.
import { freePort } from '../../../../../src/kernel/server.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FaultEvent } from '../../../../../src/evidence/events.ts'
import { faults } from '../../../../../src/faults/builders.ts'
import { planFault } from '../../../../../src/faults/families.ts'
import type { ProcessFaultInput } from '../../../../../src/faults/fault-input.ts'
import { processFaults } from '../../../../../src/faults/processes.ts'
import type { Exit } from '../../../../../src/kernel/process/exit.ts'
import type { PlannedFault } from '../../../../../src/plan/plan.ts'
import { startGateway } from '../../../../../src/stage/live/gateway/gateway-process.ts'
import { meetGateway } from '../../../../../src/stage/live/gateway/gateway-ready.ts'
import type { Targets } from '../../../../../src/stage/live/faults/injection.ts'
import { createInjector } from '../../../../../src/stage/live/faults/injector.ts'
import { openRedis } from '../../../../../src/gateway/stores/redis-driver.ts'
import { fakeProcess } from '../../../../../src/stage/live/faults/fake-process.ts'
import { placeRedis, startRedis } from '../../../../../src/stage/live/redis.ts'
import { startToxiproxy } from '../../../../../src/toxiproxy/backends/start.ts'
import { serveControlled } from '../../../../../src/upstreams/serve-controlled.ts'
import { component } from '../../../../components.ts'
import { demo } from '../../../../upstreams/demo.ts'
import { until } from '../../../upstreams/until.ts'

type Started = { pid: number | undefined; exited: Promise<Exit> }

// A gateway that takes 200 ms to end, so that a restart can be looked at.
const command = `exec node -e '
  process.on("SIGTERM", () => setTimeout(() => process.exit(), 200))
  require("http").createServer((q, r) => r.end("{}")).listen(process.env.PORT, "127.0.0.1")'`

async function withGateway(use: (url: string, targets: Targets, started: Started[]) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'process-faults-'))
  try {
    const { signal } = new AbortController()
    const started: Started[] = []
    await using gateway = await startGateway({
      choice: { kind: 'command', command },
      upstreams: {},
      port: await freePort(),
      values: new Map(),
      configPath: join(folder, 'gateway.json'),
      logPath: join(folder, 'gateway.log'),
      redact: (text) => text,
      readyPath: '/',
      readyWithinMs: 10_000,
      keep: () => () => {},
      signal,
      onReady: (process) => started.push(process),
    })
    // Process faults act on nothing else.
    const targets = { controlUrls: {}, proxyUrls: {}, processes: { gateway: gateway.process! } } as unknown as Targets
    await use(gateway.url, targets, started)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function planned(input: ProcessFaultInput): PlannedFault {
  const [fault] = planFault(input, 'faults[0]', [])
  return { id: 'F1', phase: 'outage', startMs: 0, endMs: 1000, fault: fault! }
}

const meet = (url: string) => meetGateway(url, new AbortController().signal)

/** Plays the fault; `during` runs once it was seen to act. Returns its edges. */
async function played(input: ProcessFaultInput, targets: Targets, during: () => Promise<void>): Promise<FaultEvent[]> {
  const edges: FaultEvent[] = []
  const fault = planned(input)
  await using injector = createInjector({ targets, write: (event) => edges.push(event) })
  await injector.inject(fault)
  await until('a bite', () => edges.find(({ edge }) => edge === 'bite'))
  await during()
  await injector.clear(fault)
  return edges
}

const wholeLife = ['requested', 'acknowledged', 'bite', 'clear_requested', 'cleared']
const edgesOf = (events: FaultEvent[]) => events.map(({ edge }) => edge)

it('killed: the process is dead, and another one answers at the end', async () => {
  await withGateway(async (url, targets, started) => {
    const edges = await played(faults.killed('gateway'), targets, async () => expect(await meet(url)).toBe('refused'))
    expect(edgesOf(edges)).toEqual(wholeLife)
    expect(await started[0]!.exited).toMatchObject({ signal: 'SIGKILL', unexpected: false })
    expect(await meet(url)).toBe('answered')
    expect(started).toHaveLength(2)
  })
})

it('paused: the process takes requests and answers them at the end', async () => {
  await withGateway(async (url, targets, started) => {
    let waiting: Promise<number> | undefined
    const edges = await played(faults.paused('gateway'), targets, async () => {
      expect(await meet(url)).toBe('silent')
      waiting = fetch(url).then(({ status }) => status)
    })
    expect(edgesOf(edges)).toEqual(wholeLife)
    expect(await waiting).toBe(200)
    expect(started).toHaveLength(1)
  })
})

it('restarted: the process ends in order, and another one answers', async () => {
  await withGateway(async (url, targets, started) => {
    const edges = await played(faults.restarted('gateway'), targets, async () => {})
    expect(edgesOf(edges)).toEqual(wholeLife)
    expect(await started[0]!.exited).toMatchObject({ code: 0, unexpected: false })
    expect(await meet(url)).toBe('answered')
    expect(started).toHaveLength(2)
  })
})

it('killed, on an upstream: it refuses and cuts connections, and keeps what it knows', async () => {
  await using served = await serveControlled(demo, { seed: 1 })
  const { url, port } = served.traffic
  const targets = { processes: {}, fakes: { demo: fakeProcess(served.control.url, port) } } as unknown as Targets
  const meets = (): Promise<string> =>
    fetch(url).then(
      () => 'answered',
      () => 'refused',
    )
  expect(await meets()).toBe('answered')
  const edges: FaultEvent[] = []
  const fault = { ...planned(faults.killed('demo')), upstream: 'demo' }
  await using injector = createInjector({ targets, write: (event) => edges.push(event) })
  await injector.inject(fault)
  await until('a bite', () => edges.find(({ edge }) => edge === 'bite'))
  expect(await meets()).toBe('refused')
  expect(served.traffic.sockets().open).toBe(0)
  await injector.clear(fault)
  expect(edgesOf(edges)).toEqual(wholeLife)
  expect(await meets()).toBe('answered')
})

describe.skipIf(!component('redis-server').available)('on Redis', () => {
  it.each(['killed', 'paused', 'restarted'] as const)(
    '%s: behind its proxy it is gone, and comes back with what it acknowledged',
    async (is) => {
      const started: Started[] = []
      const { signal } = new AbortController()
      await using toxiproxy = await startToxiproxy('embedded', { seed: 1, runId: 'process-faults' })
      const { port, url } = await placeRedis(toxiproxy)
      await using redis = await startRedis({ port, keep: () => () => {}, signal, onReady: (process) => started.push(process) })
      await using store = await openRedis({ url, timeout: 300 }).then((driver) => ({
        ...driver,
        [Symbol.asyncDispose]: () => driver.close(),
      }))
      await store.commit({ id: '1', seen: new Map(), changes: [{ key: 'a', value: '1', lasts: undefined }] })
      const targets = { processes: { redis: redis.process }, fakes: {} } as unknown as Targets
      const edges = await played(faults[is]('redis'), targets, async () => {})
      expect(edgesOf(edges)).toEqual(wholeLife)
      expect(started).toHaveLength(is === 'paused' ? 1 : 2)
      await expect.poll(() => store.get('a').catch(() => undefined), { timeout: 10_000 }).toBe('1')
    },
  )
})

it('tries every process fault there is', () => expect(Object.keys(processFaults)).toEqual(['killed', 'paused', 'restarted']))

it('tells of a gateway that does not come back', async () => {
  await withGateway(async (_url, targets) => {
    const gateway = targets.processes.gateway!
    const broken = { ...gateway, kill: () => gateway.kill(), restart: () => Promise.reject(new Error('it did not get ready')) }
    const edges = await played(faults.killed('gateway'), { ...targets, processes: { gateway: broken } }, async () => {})
    expect(edges.at(-1)).toMatchObject({ edge: 'failed', detail: 'it did not get ready' })
  })
})
