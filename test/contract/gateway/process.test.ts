// The gateway as a process: the environment contract, its exit codes, and how it ends.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { request as send } from 'undici'
import { expect, it } from 'vitest'
import { realClock } from '../../../src/kernel/clock.ts'
import { freePort } from '../../../src/kernel/server.ts'
import { answer, eventually, scriptedUpstream } from './rig.ts'

const main = fileURLToPath(new URL('../../../src/gateway/main.ts', import.meta.url))

interface Started {
  child: ChildProcess
  readonly stderr: string
  exited: Promise<number | null>
}

function start(env: Record<string, string>): Started {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  return {
    child,
    exited,
    get stderr() {
      return stderr
    },
  }
}

async function ready(port: number): Promise<void> {
  const end = realClock.now() + 10_000
  while (realClock.now() < end) {
    try {
      const { statusCode, body } = await send(`http://127.0.0.1:${port}/healthz`)
      await body.dump()
      if (statusCode === 200) return
    } catch {
      await realClock.sleep(10)
    }
  }
  throw new Error('the gateway did not become ready within 10 s')
}

it('starts by the environment contract, serves, and ends with 0 on SIGTERM after the requests in flight', async () => {
  let finish: (() => void) | undefined
  await using upstream = await scriptedUpstream((response, { url }) => {
    if (url === '/slow') finish = () => answer(response)
    else answer(response, 503)
  })
  const file = join(mkdtempSync(join(tmpdir(), 'gateway-')), 'gateway.json')
  writeFileSync(file, JSON.stringify({ upstreams: { 'webhook-receiver': { breaker: { failures: 1 } } } }))
  const port = await freePort()
  const gateway = start({
    PORT: String(port),
    UPSTREAM_WEBHOOK_RECEIVER: upstream.url,
    UPSTREAM_GEMINI: upstream.url,
    GATEWAY_CONFIG: file,
  })
  await ready(port)
  const ask = async (path: string) => {
    const { statusCode, headers, body } = await send(`http://127.0.0.1:${port}${path}`)
    return { statusCode, error: headers['x-gateway-error'], text: await body.text() }
  }
  expect(await ask('/webhook-receiver/a')).toMatchObject({ statusCode: 503, error: undefined })
  expect(await ask('/webhook-receiver/a')).toMatchObject({ statusCode: 503, error: 'circuit_open' })

  const slow = ask('/gemini/slow')
  await eventually('the slow request is at the upstream', () => finish !== undefined)
  gateway.child.kill('SIGTERM')
  let refused = false
  while (!refused)
    refused = await ask('/healthz').then(
      () => false,
      () => true,
    )
  finish!()
  expect(await slow).toMatchObject({ statusCode: 200, text: '{"ok":true}' })
  expect(await gateway.exited).toBe(0)
})

it('ends requests that outlast the drain limit', async () => {
  await using upstream = await scriptedUpstream(() => {})
  const file = join(mkdtempSync(join(tmpdir(), 'gateway-')), 'gateway.json')
  writeFileSync(file, JSON.stringify({ server: { drain: '100ms' } }))
  const port = await freePort()
  const gateway = start({ PORT: String(port), UPSTREAM_GEMINI: upstream.url, GATEWAY_CONFIG: file })
  await ready(port)
  const hanging = send(`http://127.0.0.1:${port}/gemini/a`)
  await eventually('the request is at the upstream', () => upstream.arrivals.length === 1)
  gateway.child.kill('SIGINT')
  await expect(hanging).rejects.toThrow(/terminated|closed|reset|aborted/i)
  expect(await gateway.exited).toBe(0)
  await upstream.arrivals[0]!.gone
})

it('exits 65 with all problems of its configuration, before it listens', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'gateway-')), 'gateway.json')
  writeFileSync(file, JSON.stringify({ upstreams: { gemini: { breaker: { failures: -1 }, timeout: { attempt: 'soon' } } } }))
  const gateway = start({ PORT: 'http', GATEWAY_CONFIG: file })
  expect(await gateway.exited).toBe(65)
  expect(gateway.stderr).toContain(`${file}: 4 problems`)
  for (const place of ['PORT', 'upstreams.gemini.breaker.failures', 'upstreams.gemini.timeout.attempt', 'UPSTREAM_GEMINI'])
    expect(gateway.stderr).toContain(place)
})

it('exits 69 and names the port when it is taken', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  const taken = new URL(upstream.url).port
  const gateway = start({ PORT: taken, UPSTREAM_GEMINI: upstream.url })
  expect(await gateway.exited).toBe(69)
  expect(gateway.stderr).toBe(`gateway: port ${taken} on 127.0.0.1 is in use; choose another or stop its owner\n`)
})
