// `gatecrash toxiproxy` as a process: what it serves, what it says when it cannot, and how it ends.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realClock } from '../../src/kernel/clock.ts'
import { isAlive } from '../contract/toxiproxy/alive.ts'
import { ask, portOf, type ShownProxy } from '../contract/toxiproxy/ask.ts'
import { startCommand } from '../contract/toxiproxy/command.ts'
import { dial, echo, isHit, refused, Upstream } from '../contract/toxiproxy/peer.ts'
import { type Ended, leftAfter, start } from './gatecrash.ts'

let upstream: Upstream
let at: string

beforeAll(async () => {
  upstream = await Upstream.start(echo)
  at = `127.0.0.1:${upstream.port}`
})
afterAll(() => upstream[Symbol.asyncDispose]())

const create = async (url: string): Promise<number> =>
  portOf(await ask<ShownProxy>(url, '/proxies', { name: 'echo', listen: '127.0.0.1:0', upstream: at }))

it('serves metrics when asked to, else none', async () => {
  await using plain = await startCommand()
  expect((await fetch(`${plain.url}/metrics`)).status).toBe(404)
  await using counting = await startCommand(['--metrics'])
  const client = await dial(await create(counting.url))
  client.write('12345')
  await client.got(5)
  expect(await (await fetch(`${counting.url}/metrics`)).text()).toMatch(/^toxiproxy_proxy_sent_bytes_total\{.*proxy="echo".*\} 5$/m)
  client.socket.destroy()
})

describe('surroundings that are not as needed', () => {
  it('a port that is taken is named, with the remedy', async () => {
    await using first = await startCommand()
    const { port } = new URL(first.url)
    const { code, stdout, stderr } = await ended(['--port', port])
    expect(stderr).toBe(`port ${port} on 127.0.0.1 is in use; choose another or stop its owner\n`)
    expect(stdout).toBe('')
    expect(code).toBe(69)
    expect(await ask(first.url, '/proxies')).toEqual({})
  })

  it.each([
    ['192.0.2.1', /cannot listen on 192\.0\.2\.1:0: .*EADDRNOTAVAIL.*; choose another address or port/],
    ['nowhere.invalid', /cannot listen on nowhere\.invalid:0: .*nowhere\.invalid; choose another address or port/],
  ])('an address that this machine does not have, %s, is named', async (host, told) => {
    const { code, stderr } = await ended(['--port', '0', '--host', host])
    expect(stderr).toMatch(told)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(code).toBe(69)
  })

  it('the port is that of the original unless another is given', async () => {
    const { code, stdout } = await ended(['--help'])
    expect(stdout).toMatch(/--port <n> .*\(default: 8474\)/)
    expect(code).toBe(0)
  })

  it.each([
    ['--port', '70000', 'give a whole number from 0 to 65535'],
    ['--seed', 'x', 'give a whole number from 0 on'],
    ['--prot', '1', "unknown option '--prot'"],
  ])('%s %s is a mistake of the command line', async (flag, value, told) => {
    const { code, stderr } = await ended([flag, value])
    expect(stderr).toContain(told)
    expect(code).toBe(64)
  })
})

describe('the seed', () => {
  const coins = async (seed: number): Promise<boolean[]> => {
    await using server = await startCommand(['--seed', String(seed)])
    expect(await server.saw(/seed \d+/)).toBe(`seed ${seed}`)
    const port = await create(server.url)
    await ask(server.url, '/proxies/echo/toxics', { type: 'limit_data', toxicity: 0.5, attributes: { bytes: 0 } })
    const hits: boolean[] = []
    for (let connection = 0; connection < 40; connection++) hits.push(await isHit(await dial(port)))
    return hits
  }

  it('decides which connections toxics hit: again the same on another start, other ones from another seed', async () => {
    const first = await coins(42)
    expect(new Set(first).size).toBe(2)
    expect(await coins(42)).toEqual(first)
    expect(await coins(43)).not.toEqual(first)
  })
})

describe('the end', () => {
  /** A server with a connection that a toxic holds. */
  const busy = async (options?: Parameters<typeof startCommand>[1]) => {
    const server = await startCommand([], options)
    const port = await create(server.url)
    await ask(server.url, '/proxies/echo/toxics', { type: 'latency', attributes: { latency: 60_000 } })
    const client = await dial(port)
    client.write('held')
    return Object.assign(server, { client, port })
  }

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('by %s comes at once, whatever is under way, with exit code %i', async (signal, expected) => {
    await using server = await busy()
    const began = realClock.now()
    server.kill(signal)
    const { code, stderr } = await server.ended
    expect(code, stderr).toBe(expected)
    expect(stderr).toBe('')
    expect(realClock.now() - began).toBeLessThan(2000)
    expect(await server.client.over()).toBeDefined()
    expect(await refused(server.port)).toBe(true)
    expect(await refused(Number(new URL(server.url).port))).toBe(true)
  })

  it('by Ctrl-C under npm leaves nothing', async () => {
    await using server = await busy({ direct: false })
    server.interrupt()
    expect(await leftAfter(server, 5000)).toEqual([])
    expect(await refused(server.port)).toBe(true)
  })

  it('by a SIGTERM to npm, which forwards nothing, comes within five seconds', async () => {
    await using server = await busy({ direct: false })
    server.kill('SIGTERM')
    expect(await leftAfter(server, 5000)).toEqual([])
    expect(await refused(server.port)).toBe(true)
  })

  it('does not come with that of a shell that put it in the background', async () => {
    const shell = spawn('sh', ['-c', `${process.execPath} src/cli/main.ts toxiproxy --port 0 & echo $!; sleep 1`], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, npm_lifecycle_event: undefined },
    })
    let printed = ''
    shell.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
    await once(shell, 'exit')
    const pid = Number(/^\d+/.exec(printed)?.[0])
    try {
      await expect.poll(() => printed, { timeout: 5000 }).toMatch(/http:[^,]+,/)
      await realClock.sleep(1500)
      expect(await ask(/http:[^,]+(?=,)/.exec(printed)![0], '/proxies')).toEqual({})
    } finally {
      if (isAlive(pid)) process.kill(pid, 'SIGTERM')
    }
  })
})

async function ended(flags: string[]): Promise<Ended> {
  await using command = await start(['toxiproxy', ...flags])
  // Awaited here: the process would be ended on leaving this scope.
  return await command.ended
}
