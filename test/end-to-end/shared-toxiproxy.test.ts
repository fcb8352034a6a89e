// Runs on a Toxiproxy that others use too, named by URL: what they have there stays, what a dead run left there goes.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../src/kernel/server.ts'
import { runPrefix } from '../../src/toxiproxy/client/stale-proxies.ts'
import { component } from '../components.ts'
import { ask, type ShownProxy } from '../contract/toxiproxy/ask.ts'
import { startCommand } from '../contract/toxiproxy/command.ts'
import { startReal } from '../contract/toxiproxy/real-server.ts'
import { type Started, leftAfter, start } from './gatecrash.ts'

const HOLE = 'test/end-to-end/scenarios/quick-hole.ts'

const program = component('toxiproxy-server')

type Proxies = Record<string, ShownProxy>

describe.each([
  { server: 'gatecrash toxiproxy', start: () => startCommand(), skip: false },
  { server: 'the original', start: () => startReal(program.available ? program.path : ''), skip: !program.available },
])('$server, shared', ({ start: startServer, skip }) => {
  let server: { url: string } & AsyncDisposable
  let theirs: Proxies
  beforeEach(async () => {
    if (skip) return
    server = await startServer()
    await ask(server.url, '/proxies', { name: 'theirs', listen: '127.0.0.1:0', upstream: '127.0.0.1:9' })
    await ask(server.url, '/proxies/theirs/toxics', { type: 'latency', attributes: { latency: 5 } })
    await ask(server.url, '/proxies/theirs/toxics', { type: 'timeout', stream: 'upstream' })
    theirs = await ask<Proxies>(server.url, '/proxies')
  })
  afterEach(async () => {
    await server?.[Symbol.asyncDispose]()
  })

  it.skipIf(skip).each([
    ['kill -9 of the conductor', (run: Started): void => run.kill('SIGKILL')],
    ['kill -9 of its whole process group', (run: Started): void => void process.kill(-run.pid, 'SIGKILL')],
    ['Ctrl-C', (run: Started): void => run.interrupt()],
  ])('has nothing of a run any more after %s in the middle of a network fault, and all that others have', async (_, end) => {
    await using run = await start(['run', HOLE, '--toxiproxy', server.url])
    const holed = async (): Promise<string[]> => {
      const proxies = Object.values(await ask<Proxies>(server.url, '/proxies'))
      return proxies.filter(({ name, toxics }) => name !== 'theirs' && toxics.length > 0).map(({ name }) => name)
    }
    await expect.poll(holed, { timeout: 30_000 }).toHaveLength(1)
    expect(Object.keys(await ask<Proxies>(server.url, '/proxies'))).toHaveLength(3)
    end(run)
    await expect.poll(() => ask<Proxies>(server.url, '/proxies'), { timeout: 5000 }).toEqual(theirs)
    expect(await leftAfter(run, 5000)).toEqual([])
  })

  it.skipIf(skip)('is cleared by doctor of what dead runs of this machine left there, by name, and of nothing else', async () => {
    const dead = spawn(process.execPath, ['-e', ''])
    await once(dead, 'exit')
    const ours = runPrefix('lost')
    const leftover = ours.replace(`-${process.pid}-`, `-${dead.pid}-`)
    const elsewhere = leftover.replace(/^gatecrash-[0-9a-f]{8}/, 'gatecrash-00000000')
    for (const prefix of [ours, leftover, elsewhere])
      await ask(server.url, '/proxies', { name: `${prefix}gemini`, listen: '127.0.0.1:0', upstream: '127.0.0.1:9' })
    await ask(server.url, '/proxies', { name: `${leftover}jira`, listen: '127.0.0.1:0', upstream: '127.0.0.1:9' })

    const first = await doctor(server.url)
    expect(first.stdout).toContain(`removed ${leftover}gemini, ${leftover}jira from ${server.url}\n`)
    expect(first.code).toBe(0)
    const left = await ask<Proxies>(server.url, '/proxies')
    expect(new Set(Object.keys(left))).toEqual(new Set(['theirs', `${ours}gemini`, `${elsewhere}gemini`]))
    expect(left['theirs']).toEqual(theirs['theirs'])
    const second = await doctor(server.url)
    expect(second.stdout).toMatch(new RegExp(`^ok +leftovers +none on ${server.url}$`, 'm'))
    expect(second.code).toBe(0)
  })
})

it('doctor says that a server does not answer, and what else it found', async () => {
  const url = `http://127.0.0.1:${await freePort()}`
  const { code, stdout, stderr } = await doctor(url)
  expect(stdout).toMatch(new RegExp(`^no +leftovers +no answer from Toxiproxy at ${url} .*ECONNREFUSED.*; is it running\\?$`, 'm'))
  expect(stdout).toMatch(/^ok +node +v/m)
  expect(stderr).toBe('')
  expect(code).toBe(69)
})

async function doctor(url: string) {
  await using run = await start(['doctor', '--quick', '--toxiproxy', url])
  // Awaited here: the process would be ended on leaving this scope.
  return await run.ended
}
