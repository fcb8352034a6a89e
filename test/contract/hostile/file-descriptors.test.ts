// A gateway that has no file descriptors left: that is its own trouble, and no upstream's.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'
import { expect, it } from 'vitest'
import { realClock } from '../../../src/kernel/clock.ts'
import { freePort } from '../../../src/kernel/server.ts'
import { eventually, scriptedUpstream } from '../gateway/rig.ts'
import { open } from './raw.ts'

const main = fileURLToPath(new URL('../../../src/gateway/main.ts', import.meta.url))

it('opens no breaker when it can open no connection, and answers in its own name', async () => {
  await using upstream = await scriptedUpstream(() => {})
  const file = join(mkdtempSync(join(tmpdir(), 'gateway-')), 'gateway.json')
  writeFileSync(file, JSON.stringify({ upstreams: { a: { breaker: { failures: 1 }, timeout: { attempt: '20s', total: '30s' } } } }))
  const port = await freePort()
  const env = { PATH: process.env.PATH, PORT: String(port), UPSTREAM_A: upstream.url, GATEWAY_CONFIG: file, LOG_LEVEL: 'silent' }
  const child = spawn('sh', ['-c', `ulimit -n 64; exec "${process.execPath}" "${main}"`], { env, stdio: 'ignore' })
  const exited = once(child, 'exit')
  const ask = async (path: string): Promise<string> => (await request(`http://127.0.0.1:${port}${path}`)).body.text()
  let ready = false
  for (let times = 0; !ready && times < 200; times++) {
    ready = await ask('/healthz').then(
      () => true,
      () => false,
    )
    await realClock.sleep(50)
  }
  const sockets: Socket[] = []
  let refused = ''
  // Each takes two descriptors: its own, and one at the upstream that never answers.
  for (let at = 0; at < 60; at++) {
    const socket = await open(port)
    socket.on('error', () => {}).on('data', (chunk) => (refused += String(chunk)))
    socket.write('GET /a/x HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n')
    sockets.push(socket)
    await realClock.sleep(5)
  }
  await eventually('one was refused', () => refused !== '', 10_000)
  expect(refused).toMatch(/^HTTP\/1\.1 503 /)
  expect(refused).toContain('x-gateway-error: shortage')
  expect(refused).not.toContain('connection_error')
  for (const socket of sockets) socket.destroy()
  await realClock.sleep(200)
  expect(await ask('/api/v1/resilience/circuit-breakers')).toContain('"state":"closed"')
  child.kill('SIGTERM')
  await exited
})
