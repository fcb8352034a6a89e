// `gatecrash toxiproxy` as a process: what it begins with, what it says when it cannot, and how it ends.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realClock } from '../../src/kernel/clock.ts'
import { listen } from '../../src/kernel/server.ts'
import { startCommand } from '../contract/toxiproxy/command.ts'
import { dial, echo, isHit, refused, Upstream } from '../contract/toxiproxy/peer.ts'
import { type Ended, leftAfter, start } from './gatecrash.ts'

let folder: string
let upstream: Upstream
let at: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatecrash-'))
  upstream = await Upstream.start(echo)
  at = `127.0.0.1:${upstream.port}`
})
afterAll(async () => {
  await upstream[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const written = async (content: unknown): Promise<string> => {
  const file = join(folder, 'proxies.json')
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

interface Shown {
  name: string
  listen: string
  upstream: string
  enabled: boolean
  toxics: unknown[]
}

const ask = async <T>(url: string, path: string, body?: unknown): Promise<T> => {
  const response = await fetch(url + path, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}

const portOf = ({ listen: address }: { listen: string }): number => Number(address.slice(address.lastIndexOf(':') + 1))

describe('a file of proxies', () => {
  it('is what the server begins with, as the original reads it', async () => {
    const file = await written(
      `[{"name": "plain", "listen": "127.0.0.1:0", "upstream": "${at}", "enabled": true},
        {"Name": "shouted", "LISTEN": "localhost:0", "Upstream": "${at}", "toxics": [{"type": "latency"}], "comment": "ignored"},
        {"name": "asleep", "listen": "127.0.0.1:0", "upstream": "redis:6379", "enabled": false},
        {"name": "anywhere", "upstream": "${at}", "enabled": null}] and whatever follows`,
    )
    await using server = await startCommand(['--config', file])
    const proxies = await ask<Record<string, Shown>>(server.url, '/proxies')
    expect(proxies).toMatchObject({
      plain: { enabled: true, upstream: at },
      shouted: { enabled: true, upstream: at, toxics: [] },
      asleep: { enabled: false, listen: '127.0.0.1:0', upstream: 'redis:6379' },
      anywhere: { enabled: true, listen: expect.stringMatching(/^\[::\]:\d+$/) as string },
    })
    for (const name of ['plain', 'shouted', 'anywhere']) {
      const client = await dial(portOf(proxies[name]!))
      client.write('hello')
      await client.got(5)
      client.socket.destroy()
    }
  })

  it.each(['[]', 'null'])('may hold none: %s', async (content) => {
    await using server = await startCommand(['--config', await written(content)])
    expect(await ask(server.url, '/proxies')).toEqual({})
  })

  const proxy = { name: 'a', listen: '127.0.0.1:0', upstream: 'redis:6379' }

  it.each([
    ['is cut short', '[{"name": "a",\n  "upstream": ', /proxies\.json: not JSON: .*; it must hold an array of proxies, such as \[\{"name"/],
    ['is no JSON', '[{"name": "a",\n  upstream: 5}]', /proxies\.json: not JSON: .*line 2 column 3/],
    ['is empty', '', /proxies\.json: not JSON: /],
    ['is one proxy', proxy, /proxies\.json: 1 problem\n +\(top level\) +must be an array of proxies, got \{"name":"a"/],
    ['lacks an upstream', [proxy, { name: 'b' }], /1 problem\n +\[1\]\.upstream +must be a host:port, got nothing/],
    ['has no name', [{ ...proxy, name: '' }], /\[0\]\.name +must not be empty, got ""/],
    ['has a number for a text', [{ ...proxy, upstream: 5 }], /\[0\]\.upstream +must be a host:port, got 5/],
    ['has a word for a flag', [{ ...proxy, enabled: 'yes' }], /\[0\]\.enabled +must be true or false, got "yes"/],
    [
      'has what is no address',
      [{ ...proxy, listen: 'bogus' }],
      /\[0\]\.listen +must be a host:port, got "bogus": address bogus: missing port in address/,
    ],
    ['has what is no proxy', [proxy, 'b'], /\[1\] +must be a proxy, got "b"/],
    ['is wrong twice', [{ name: 'a' }, { ...proxy, enabled: 1 }], /2 problems\n +\[0\]\.upstream.*\n +\[1\]\.enabled/],
  ])('that %s is told with the place and what is accepted, and nothing is served', async (_, content, told) => {
    const { code, stdout, stderr } = await ended(['--port', '0', '--config', await written(content)])
    expect(stderr).toMatch(told)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(stdout).toBe('')
    expect(code).toBe(65)
  })

  it.each([
    ['is not there', 'none.json', /none\.json cannot be read \(ENOENT: no such file or directory/],
    ['is a folder', '.', /cannot be read \(EISDIR: /],
  ])('that %s is told by its name', async (_, name, told) => {
    const { code, stderr } = await ended(['--port', '0', '--config', join(folder, name)])
    expect(stderr).toMatch(told)
    expect(stderr).toContain('it must hold an array of proxies, such as [{"name"')
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(code).toBe(65)
  })

  it('whose port is taken is told with the proxy, and leaves nothing listening', async () => {
    await using held = await listen(createServer())
    const file = await written([proxy, { ...proxy, name: 'blocked', listen: `127.0.0.1:${held.port}` }])
    const { code, stderr } = await ended(['--port', '0', '--config', file])
    expect(stderr).toMatch(/proxies\.json: proxy "blocked": .*127\.0\.0\.1:\d+.*address already in use; /)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(code).toBe(69)
  })
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
    const file = await written([{ name: 'tossed', listen: '127.0.0.1:0', upstream: at }])
    await using server = await startCommand(['--seed', String(seed), '--config', file])
    expect(await server.saw(/seed \d+/)).toBe(`seed ${seed}`)
    await ask(server.url, '/proxies/tossed/toxics', { type: 'limit_data', toxicity: 0.5, attributes: { bytes: 0 } })
    const port = portOf(await ask<Shown>(server.url, '/proxies/tossed'))
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
    const port = portOf(await ask<Shown>(server.url, '/proxies', { name: 'busy', listen: '127.0.0.1:0', upstream: at }))
    await ask(server.url, '/proxies/busy/toxics', { type: 'latency', attributes: { latency: 60_000 } })
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
      process.kill(pid, 'SIGTERM')
    }
  })
})

async function ended(flags: string[]): Promise<Ended> {
  await using command = await start(['toxiproxy', ...flags])
  // Awaited here: the process would be ended on leaving this scope.
  return await command.ended
}
