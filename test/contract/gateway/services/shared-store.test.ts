// Two gateways, each a process of its own, on one real Redis: one does the synchronisation, and the other once that one was killed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { describe, expect, it } from 'vitest'
import { freePort } from '../../../../src/kernel/server.ts'
import { component } from '../../../components.ts'
import { answer, scriptedUpstream } from '../rig.ts'
import { startRedis } from '../stores/redis-server.ts'

const EVERY = 400
const LEASE = 2000
const patience = { interval: 20, timeout: 30_000 }
const program = component('redis-server')

async function gateway(folder: string, upstream: string, redisUrl: string) {
  const port = await freePort()
  const config = join(folder, `${port}.json`)
  const sync = { collection: '/traces', every: EVERY, leaseFor: LEASE }
  await writeFile(config, JSON.stringify({ upstreams: { firestore: {} }, services: { sync } }))
  const env = { ...process.env, PORT: String(port), GATEWAY_CONFIG: config, UPSTREAM_FIRESTORE: upstream, REDIS_URL: redisUrl }
  const child = spawn(process.execPath, ['src/gateway/main.ts'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  const runs = async (): Promise<number> => {
    const { body } = await request(`http://127.0.0.1:${port}/sync`)
    return ((await body.json()) as { run: { ok: number } }).run.ok
  }
  await expect.poll(() => runs().catch(() => -1), patience).toBeGreaterThanOrEqual(0)
  return { runs, end, [Symbol.asyncDispose]: () => end('SIGKILL') }
}

describe.skipIf(!program.available)('two gateways on one Redis', () => {
  it('synchronise in turn: the other takes over once the lease of a killed one has ended', { timeout: 90_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatecrash-shared-'))
    await using scope = new AsyncDisposableStack()
    scope.defer(() => rm(folder, { recursive: true, force: true }))
    const redis = scope.use(await startRedis(program.available ? program.path : ''))
    const firestore = scope.use(await scriptedUpstream((response) => answer(response, 200, { documents: [{ name: 'a' }] })))
    const one = scope.use(await gateway(folder, firestore.url, redis.url))
    await expect.poll(one.runs, patience).toBeGreaterThan(0)
    const other = scope.use(await gateway(folder, firestore.url, redis.url))
    const before = await one.runs()
    await expect.poll(one.runs, patience).toBeGreaterThan(before + 3)
    expect(await other.runs()).toBe(0)
    expect(firestore.peak).toBe(1)
    await one.end('SIGKILL')
    await expect.poll(other.runs, patience).toBeGreaterThan(1)
    // And a third, once that one has ended in good order.
    const third = scope.use(await gateway(folder, firestore.url, redis.url))
    await other.end('SIGTERM')
    await expect.poll(third.runs, patience).toBeGreaterThan(0)
  })
})
