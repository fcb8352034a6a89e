// Every way of getting a Toxiproxy: it carries data, makes and undoes faults, and leaves nothing behind, whoever is killed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realClock } from '../../../../src/kernel/clock.ts'
import type { NetworkFault } from '../../../../src/faults/network/networks.ts'
import type { BackendOptions } from '../../../../src/toxiproxy/backends/backend.ts'
import { startToxiproxy } from '../../../../src/toxiproxy/backends/start.ts'
import { connectToxiproxy } from '../../../../src/toxiproxy/client/client.ts'
import { removeStaleProxies } from '../../../../src/toxiproxy/client/stale-proxies.ts'
import { serveToxiproxy } from '../../../../src/toxiproxy/serve.ts'
import { component } from '../../../components.ts'
import { isAlive } from '../alive.ts'
import { dial, echo, refused, Upstream } from '../peer.ts'
import { startReal } from '../real-server.ts'

const options: BackendOptions = { seed: 1, runId: 'test' }
const program = component('toxiproxy-server')
const engine = component('docker')
const programPath = program.available ? program.path : ''

let shared: { url: string } & AsyncDisposable
let upstream: Upstream

beforeAll(async () => {
  shared = program.available ? await startReal(programPath) : await serveToxiproxy({ port: 0 })
  upstream = await Upstream.start(echo)
})
afterAll(async () => {
  await upstream[Symbol.asyncDispose]()
  await shared[Symbol.asyncDispose]()
})

const hole: NetworkFault = { is: 'toxic', toxic: { type: 'timeout', attributes: { timeout: 0 } }, stream: 'downstream', toxicity: 1 }
const resets: NetworkFault = { is: 'toxic', toxic: { type: 'reset_peer', attributes: { timeout: 0 } }, stream: 'upstream', toxicity: 1 }

describe.each([
  { choice: () => 'embedded', kind: 'embedded', skip: false },
  { choice: () => `binary=${programPath}`, kind: 'binary', skip: !program.available },
  { choice: () => 'docker', kind: 'docker', skip: !engine.available },
  { choice: () => shared.url, kind: 'url', skip: false },
])('the backend $kind', ({ choice, kind, skip }) => {
  it.skipIf(skip)('carries data, makes and undoes every kind of fault, and leaves nothing', { timeout: 120_000 }, async () => {
    const backend = await startToxiproxy(choice(), options)
    try {
      expect(backend.kind).toBe(kind)
      expect(backend.version).toMatch(/^(2\.|git)/)
      const { control } = backend
      const proxy = await control.createProxy({ name: 'echo', upstream: `127.0.0.1:${upstream.port}` })
      expect(proxy.listen).toBe(`127.0.0.1:${proxy.port}`)
      expect(await control.proxies()).toEqual(['echo'])

      const before = await dial(proxy.port)
      before.write('hello')
      await before.got(5)

      await control.addFault('echo', 'F1', hole)
      before.write('lost')
      await control.removeFault('echo', 'F1', hole)
      expect(await before.over()).toBe('eof')
      expect(before.text).toBe('hello')

      await control.addFault('echo', 'F2', { is: 'down' })
      expect(await refused(proxy.port)).toBe(true)
      await control.removeFault('echo', 'F2', { is: 'down' })

      await control.addFault('echo', 'F3', resets)
      const victim = await dial(proxy.port)
      victim.write('x')
      expect(await victim.over()).toBe('reset')
      await control.removeFault('echo', 'F3', resets)

      const after = await dial(proxy.port)
      after.write('well')
      await after.got(4)
      after.socket.destroy()
    } finally {
      await backend.stop()
    }
    await backend.stop()
    expect(backend.pids.length).toBeGreaterThan(0)
    expect(backend.pids.filter(isAlive)).toEqual([])
  })
})

describe('a shared server', () => {
  it('is cleared of what a dead run of this machine left, and of nothing else', async () => {
    const dead = spawn(process.execPath, ['-e', ''])
    await once(dead, 'exit')
    await using living = await startToxiproxy(shared.url, options)
    await living.control.createProxy({ name: 'alive', upstream: '127.0.0.1:9' })
    const server = await connectToxiproxy(shared.url)
    const [mine] = await server.proxies()
    const stale = mine!.replace(`-${process.pid}-`, `-${dead.pid}-`)
    const elsewhere = stale.replace(/^gatecrash-[0-9a-f]{8}/, 'gatecrash-00000000')
    for (const name of [stale, elsewhere]) await server.createProxy({ name, upstream: '127.0.0.1:9' })
    expect(await removeStaleProxies(shared.url)).toEqual([stale])
    expect(new Set(await server.proxies())).toEqual(new Set([mine, elsewhere]))
    await server.removeProxy(elsewhere)
  })
})

describe('the choice', () => {
  it.skipIf(!program.available)('auto takes a program where there is one', async () => {
    process.env['TOXIPROXY_SERVER'] = programPath
    await using backend = await startToxiproxy('auto', options)
    delete process.env['TOXIPROXY_SERVER']
    expect(backend.kind).toBe('binary')
  })

  it('of something unknown names what there is', async () => {
    await expect(startToxiproxy('embeded', options)).rejects.toMatchObject({
      code: 'usage',
      message: 'unknown Toxiproxy "embeded"; use embedded, binary, docker, auto or http://HOST:PORT',
    })
  })

  it('of a program that is not there says what to do', async () => {
    await expect(startToxiproxy('binary=/nowhere/toxiproxy', options)).rejects.toMatchObject({ code: 'component_missing' })
  })

  it.skipIf(engine.available)('of docker without an engine says what to do', async () => {
    await expect(startToxiproxy('docker', options)).rejects.toMatchObject({
      code: 'component_missing',
      message: expect.stringContaining('use --toxiproxy embedded') as string,
    })
  })

  it('of a program whose port another server took does not mistake that for its own', { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatecrash-'))
    const impostor = join(folder, 'toxiproxy-server')
    const serve = new URL('../../../../src/toxiproxy/serve.ts', import.meta.url).href
    // Lives on and logs, as the original does, but the one that answers is another: nothing about our proxy in its log.
    const code = `import(${JSON.stringify(serve)}).then(({ serveToxiproxy }) => serveToxiproxy({ port: Number(process.argv.at(-1)) }))`
    await writeFile(impostor, `#!/bin/sh\nexec ${process.execPath} -e '${code}' -- "$@"\n`, { mode: 0o755 })
    try {
      await expect(startToxiproxy(`binary=${impostor}`, options)).rejects.toMatchObject({
        code: 'child_failed',
        message: expect.stringContaining('another server answers') as string,
      })
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('of a program that is no Toxiproxy fails with its reason', { timeout: 60_000 }, async () => {
    await expect(startToxiproxy('binary=/bin/false', options)).rejects.toMatchObject({
      code: 'child_failed',
      message: expect.stringContaining('/bin/false: ended with 1') as string,
    })
  })
})

describe('the control', () => {
  it('keeps the words of the server in its errors', async () => {
    await using server = await serveToxiproxy({ port: 0 })
    const control = await connectToxiproxy(`${server.url}/`)
    await control.createProxy({ name: 'one', upstream: '127.0.0.1:9' })
    await expect(control.createProxy({ name: 'one', upstream: '127.0.0.1:9' })).rejects.toMatchObject({
      code: 'toxiproxy_refused',
      data: { status: 409, text: 'proxy already exists' },
    })
    await expect(control.addFault('two', 'F1', hole)).rejects.toThrow('proxy not found (404)')
    await expect(control.createProxy({ name: 'a b', upstream: '127.0.0.1:9' })).rejects.toThrow('may hold only letters')
    await control.removeProxy('two')
  })

  it('tells why a server does not answer', async () => {
    await using closed = await serveToxiproxy({ port: 0 })
    await closed.close()
    await expect(connectToxiproxy(closed.url)).rejects.toMatchObject({
      code: 'toxiproxy_unreachable',
      message: expect.stringContaining('ECONNREFUSED') as string,
    })
    await using silent = await Upstream.start()
    const began = realClock.now()
    await expect(connectToxiproxy(`http://127.0.0.1:${silent.port}`, { deadlineMs: 200 })).rejects.toThrow('no answer within 200 ms')
    expect(realClock.now() - began).toBeLessThan(2000)
    await using stranger = await Upstream.start((peer) => {
      peer.socket.on('data', () => peer.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'))
    })
    await expect(connectToxiproxy(`http://127.0.0.1:${stranger.port}`)).rejects.toThrow('is no Toxiproxy')
  })

  it('refuses a toxic of our own on a server that lacks it, and makes it on ours', async () => {
    const loss = { is: 'toxic', toxic: { type: 'packet_loss', attributes: { loss_rate: 1 } }, stream: 'downstream', toxicity: 1 } as const
    await using server = await serveToxiproxy({ port: 0 })
    const ours = await connectToxiproxy(server.url)
    await ours.createProxy({ name: 'lossy', upstream: `127.0.0.1:${upstream.port}` })
    await ours.addFault('lossy', 'F1', loss)
    const { toxics } = (await (await fetch(`${server.url}/proxies/lossy`)).json()) as { toxics: unknown[] }
    expect(toxics).toMatchObject([{ name: 'F1', type: 'packet_loss' }])
  })

  it.skipIf(!program.available)('says that a real server has no toxic of our own, before it changes anything', async () => {
    const loss = { is: 'toxic', toxic: { type: 'packet_loss', attributes: { loss_rate: 1 } }, stream: 'downstream', toxicity: 1 } as const
    const real = await connectToxiproxy(shared.url)
    await real.createProxy({ name: 'whole', upstream: '127.0.0.1:9' })
    await expect(real.addFault('whole', 'F1', loss)).rejects.toMatchObject({ code: 'unsupported_backend' })
    await real.removeProxy('whole')
  })
})
