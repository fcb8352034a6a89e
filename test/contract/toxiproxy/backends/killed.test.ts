// What a conductor that is killed outright leaves of a Toxiproxy of every kind: nothing of its own, and everything of others.
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { realClock } from '../../../../src/kernel/clock.ts'
import { startToxiproxy } from '../../../../src/toxiproxy/backends/start.ts'
import { connectToxiproxy } from '../../../../src/toxiproxy/client/client.ts'
import { serveToxiproxy } from '../../../../src/toxiproxy/serve.ts'
import type { NetworkFault } from '../../../../src/faults/network/networks.ts'
import { component } from '../../../components.ts'
import { isAlive } from '../alive.ts'
import { ask, type ShownProxy } from '../ask.ts'
import { startCommand } from '../command.ts'
import { dial, echo, Upstream } from '../peer.ts'
import { startReal } from '../real-server.ts'

const program = component('toxiproxy-server')
const engine = component('docker')
const programPath = program.available ? program.path : ''

/** As long as the process that holds them may take to notice and to undo. */
const soon = { timeout: 5000 }

// A terminal, `timeout -s KILL` or a CI runner may kill the whole process group.
const victims = ['alone', 'with its process group'] as const

describe.each([
  { server: 'gatecrash toxiproxy', start: () => startCommand(), skip: false },
  { server: 'the original', start: () => startReal(programPath), skip: !program.available },
])('a conductor killed on $server, shared by URL', ({ start, skip }) => {
  let shared: { url: string } & AsyncDisposable
  let upstream: Upstream
  beforeEach(async () => {
    if (skip) return
    shared = await start()
    upstream = await Upstream.start(echo)
  })
  afterEach(async () => {
    await upstream?.[Symbol.asyncDispose]()
    await shared?.[Symbol.asyncDispose]()
  })

  it.skipIf(skip).each(victims)('%s, leaves the proxies, toxics and connections of another user, and none of its own', async (victim) => {
    const others = await connectToxiproxy(shared.url)
    const faults = [
      { id: 'theirs', fault: toxic('upstream', { type: 'latency', attributes: { latency: 1 } }) },
      { id: 'too', fault: toxic('downstream', { type: 'bandwidth', attributes: { rate: 1000 } }) },
    ]
    const { port } = await others.createProxy({ name: 'of-another-user', upstream: `127.0.0.1:${upstream.port}` })
    for (const { id, fault } of faults) await others.addFault('of-another-user', id, fault)
    const client = await dial(port)
    client.write('before')
    await client.got(6)
    const theirs = (await proxiesOn(shared.url))['of-another-user']

    await using conductor = await startConductor(shared.url)
    const during = await proxiesOn(shared.url)
    expect(Object.keys(during)).toHaveLength(3)
    expect(Object.entries(during).find(([name]) => name.endsWith('-holed'))?.[1].toxics).toMatchObject([{ name: 'F1', type: 'timeout' }])
    conductor.kill(victim)
    await expect.poll(() => proxiesOn(shared.url), soon).toEqual({ 'of-another-user': theirs })
    await expect.poll(() => conductor.pids.filter(isAlive), soon).toEqual([])
    client.write('after')
    await client.got(11)
    expect(client.text).toBe('beforeafter')
    client.socket.destroy()
  })
})

describe.each(victims)('a conductor killed %s', (victim) => {
  it.each([
    { kind: 'embedded', choice: ['embedded'], skip: false },
    { kind: 'binary', choice: [`binary=${programPath}`], skip: !program.available },
    { kind: 'binary behind a front', choice: [`binary=${programPath}`, 'front'], skip: !program.available },
  ])('leaves no process of the backend $kind', async ({ choice, skip }) => {
    if (skip) return
    await using conductor = await startConductor(...choice)
    expect(conductor.pids.filter(isAlive)).toEqual(conductor.pids)
    conductor.kill(victim)
    await expect.poll(() => conductor.pids.filter(isAlive), soon).toEqual([])
    await expect(fetch(`${conductor.url}/version`)).rejects.toThrow('fetch failed')
  })

  it.skipIf(!engine.available)('leaves no container of the backend docker', async () => {
    const before = containers()
    await using conductor = await startConductor('docker')
    expect(containers().filter((id) => !before.includes(id))).toHaveLength(1)
    conductor.kill(victim)
    await expect.poll(containers, soon).toEqual(before)
    await expect.poll(() => conductor.pids.filter(isAlive), soon).toEqual([])
    await expect(fetch(`${conductor.url}/version`)).rejects.toThrow('fetch failed')
  })
})

describe('a conductor killed while its Toxiproxy starts', () => {
  it.skipIf(!program.available)('leaves no process of a program that is not recognized yet', { timeout: 30_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatecrash-'))
    const slow = join(folder, 'toxiproxy-server')
    const pidFile = join(folder, 'pids')
    // It never logs. So its starter does not recognize it, and its end does not come from a log that nobody reads any more.
    const script = `#!/bin/sh\necho $$ $PPID >> ${pidFile}\nsleep 1\nexec ${programPath} "$@" > /dev/null\n`
    await writeFile(slow, script, { mode: 0o755 })
    const pids = async (): Promise<number[]> => (await readFile(pidFile, 'utf8').catch(() => '')).split(/\s+/).filter(Boolean).map(Number)
    const conductor = spawnConductor(`binary=${slow}`)
    await expect.poll(async () => (await pids()).filter(isAlive), soon).toHaveLength(2)
    conductor.kill('SIGKILL')
    await expect.poll(async () => (await pids()).filter(isAlive), { timeout: 20_000 }).toEqual([])
    await rm(folder, { recursive: true })
  })

  it.skipIf(!engine.available)('leaves no container', async () => {
    const before = containers()
    const conductor = spawnConductor('docker')
    await expect.poll(() => containers().length, { ...soon, interval: 10 }).toBe(before.length + 1)
    conductor.kill('SIGKILL')
    await expect.poll(containers, { timeout: 10_000 }).toEqual(before)
  })
})

describe('a run on a shared server whose holder gets', () => {
  it.each(['SIGKILL', 'SIGSTOP'] as const)('%s leaves no proxy when it ends, and ends soon', async (signal) => {
    await using shared = await serveToxiproxy({ port: 0 })
    const backend = await startToxiproxy(shared.url, { seed: 1, runId: 'holderless' })
    for (const name of ['a', 'b']) await backend.control.createProxy({ name, upstream: '127.0.0.1:9' })
    expect(Object.keys(await proxiesOn(shared.url))).toHaveLength(2)
    const [holder] = backend.pids
    process.kill(holder!, signal)
    const began = realClock.now()
    await backend.stop()
    expect(realClock.now() - began).toBeLessThan(4000)
    expect(await proxiesOn(shared.url)).toEqual({})
    expect(isAlive(holder!)).toBe(false)
  })
})

describe('a conductor on a shared server that is hard to reach', () => {
  it('takes its proxies away over a slow line when killed', async () => {
    await using shared = await overALine()
    await using conductor = await startConductor(shared.url)
    expect(Object.keys(await proxiesOn(shared.there))).toHaveLength(2)
    await shared.slowDown()
    conductor.kill('alone')
    await expect.poll(() => proxiesOn(shared.there), soon).toEqual({})
  })

  it('takes its proxies away over a slow line when it ends by itself', async () => {
    await using shared = await overALine()
    const backend = await startToxiproxy(shared.url, { seed: 1, runId: 'far' })
    for (const name of ['a', 'b', 'c', 'd']) await backend.control.createProxy({ name, upstream: '127.0.0.1:9' })
    expect(Object.keys(await proxiesOn(shared.there))).toHaveLength(4)
    await shared.slowDown()
    await backend.stop()
    expect(await proxiesOn(shared.there)).toEqual({})
  })

  // The original waits for a receiver that does not read before it changes a toxic, and lists no proxies while it waits.
  it.skipIf(!program.available)('takes them away while the server can list none', async () => {
    await using shared = await startReal(programPath)
    await using upstream = await Upstream.start()
    const others = await connectToxiproxy(shared.url)
    const delay = toxic('upstream', { type: 'latency', attributes: { latency: 1 } })
    const { port } = await others.createProxy({ name: 'stalled', upstream: `127.0.0.1:${upstream.port}` })
    await others.addFault('stalled', 'slow', delay)
    const client = await dial(port)
    const receiver = await upstream.next()
    receiver.socket.pause()
    client.write(Buffer.alloc(50_000_000))
    await using conductor = await startConductor(shared.url)
    const mine = Object.keys(await proxiesOn(shared.url)).find((name) => name.endsWith('-holed'))
    const removal = others.removeFault('stalled', 'slow', delay).catch(() => {})
    await expect
      .poll(
        () =>
          others.proxies().then(
            () => 'listed',
            () => 'hangs',
          ),
        { timeout: 15_000 },
      )
      .toBe('hangs')

    conductor.kill('alone')
    await expect.poll(async () => (await fetch(`${shared.url}/proxies/${mine}`)).status, soon).toBe(404)
    client.socket.destroy()
    receiver.socket.destroy()
    await others.removeProxy('stalled')
    await removal
    expect(await others.proxies()).toEqual([])
  })
})

interface Conductor extends AsyncDisposable {
  url: string
  /** Of what must end with it. */
  pids: number[]
  kill(victim: (typeof victims)[number]): void
}

function spawnConductor(...choice: string[]): ChildProcessByStdio<null, Readable, null> {
  const conductor = join(import.meta.dirname, 'conductor.ts')
  return spawn(process.execPath, [conductor, ...choice], { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
}

async function startConductor(...choice: string[]): Promise<Conductor> {
  const child = spawnConductor(...choice)
  const [said] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  const { url, pids } = JSON.parse(said) as { url: string; pids: number[] }
  const kill: Conductor['kill'] = (victim) => void process.kill(victim === 'alone' ? child.pid! : -child.pid!, 'SIGKILL')
  return {
    url,
    pids,
    kill,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) kill('with its process group')
      await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([])
    },
  }
}

/** A server at the end of a line: `url` reaches it by the line, `there` does not. */
async function overALine(): Promise<AsyncDisposable & { url: string; there: string; slowDown(): Promise<void> }> {
  const shared = await serveToxiproxy({ port: 0 })
  const between = await serveToxiproxy({ port: 0 })
  const line = await connectToxiproxy(between.url)
  const { port } = await line.createProxy({ name: 'line', upstream: `127.0.0.1:${shared.port}` })
  return {
    url: `http://127.0.0.1:${port}`,
    there: shared.url,
    slowDown: () => line.addFault('line', 'far', toxic('upstream', { type: 'latency', attributes: { latency: 1200 } })),
    async [Symbol.asyncDispose]() {
      await between.close()
      await shared.close()
    },
  }
}

function proxiesOn(url: string): Promise<Record<string, ShownProxy>> {
  return ask(url, '/proxies')
}

function toxic(stream: 'upstream' | 'downstream', spec: (NetworkFault & { is: 'toxic' })['toxic']): NetworkFault {
  return { is: 'toxic', toxic: spec, stream, toxicity: 1 }
}

/** Running or stopped. */
function containers(): string[] {
  return execFileSync(engine.available ? engine.path : '', ['ps', '--all', '--quiet', '--no-trunc'], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean)
}
