// What `gatecrash toxiproxy --config FILE` makes of a file, good or bad.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen } from '../../src/kernel/server.ts'
import { ask, portOf, type ShownProxy } from '../contract/toxiproxy/ask.ts'
import { startCommand } from '../contract/toxiproxy/command.ts'
import { dial, echo, Upstream } from '../contract/toxiproxy/peer.ts'
import { type Ended, start } from './gatecrash.ts'

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

describe('a file of proxies', () => {
  it('is what the server begins with, as the original reads it', async () => {
    const file = await written(
      `[{"name": "plain", "listen": "127.0.0.1:0", "upstream": "${at}", "enabled": true},
        {"Name": "shouted", "LISTEN": "localhost:0", "Upstream": "${at}", "toxics": [{"type": "latency"}], "comment": "ignored"},
        {"name": "asleep", "listen": "127.0.0.1:0", "upstream": "redis:6379", "enabled": false},
        {"name": "anywhere", "upstream": "${at}", "enabled": null}] and whatever follows`,
    )
    await using server = await startCommand(['--config', file])
    const proxies = await ask<Record<string, ShownProxy>>(server.url, '/proxies')
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
    const { code, stdout, stderr } = await refusal(await written(content))
    expect(stderr).toMatch(told)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(stdout).toBe('')
    expect(code).toBe(65)
  })

  it.each([
    ['is not there', 'none.json', /none\.json cannot be read \(ENOENT: no such file or directory/],
    ['is a folder', '.', /cannot be read \(EISDIR: /],
  ])('that %s is told by its name', async (_, name, told) => {
    const { code, stderr } = await refusal(join(folder, name))
    expect(stderr).toMatch(told)
    expect(stderr).toContain('it must hold an array of proxies, such as [{"name"')
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(code).toBe(65)
  })

  it('whose port is taken is told with the proxy, and leaves nothing listening', async () => {
    await using held = await listen(createServer())
    const file = await written([proxy, { ...proxy, name: 'blocked', listen: `127.0.0.1:${held.port}` }])
    const { code, stderr } = await refusal(file)
    expect(stderr).toMatch(/proxies\.json: proxy "blocked": .*127\.0\.0\.1:\d+.*address already in use; /)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(code).toBe(69)
  })
})

async function refusal(file: string): Promise<Ended> {
  await using command = await start(['toxiproxy', '--port', '0', '--config', file])
  // Awaited here: the process would be ended on leaving this scope.
  return await command.ended
}
