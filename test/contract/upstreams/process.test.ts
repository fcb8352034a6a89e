import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { startRole } from '../../../src/kernel/process/start-role.ts'
import type { UpstreamsConfig, UpstreamsInfo } from '../../../src/upstreams/role.ts'

const role = new URL('../../../src/upstreams/role.ts', import.meta.url)

describe('the process of all fakes', () => {
  it('serves each, and writes what it sees into the journal', async () => {
    let journal = ''
    const config: UpstreamsConfig = {
      seed: 1,
      upstreams: {
        gemini: { module: 'fake-upstreams/gemini.ts', export: 'gemini' },
        assemblyai: { module: 'fake-upstreams/assemblyai.ts', export: 'assemblyai' },
      },
    }
    const process = await startRole<UpstreamsInfo>('upstreams', role, config, { onLines: (lines) => (journal += lines) })
    const { gemini, assemblyai } = process.info.upstreams
    const answers = [
      await fetch(`${gemini!.url}/v1beta/models`),
      await fetch(`${assemblyai!.url}/v2/transcript`),
      await fetch(`${assemblyai!.controlUrl}/health`),
    ]
    await process.stop()
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(new URL(gemini!.url).port).toBe(String(gemini!.port))
    const events = journal
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; upstream: string })
    expect(events.filter(({ type }) => type === 'arrival').map(({ upstream }) => upstream)).toEqual(['gemini', 'assemblyai'])
    expect(events.filter(({ type }) => type === 'departure')).toHaveLength(2)
  })

  it.each([
    [
      'a module that is not there',
      { module: 'fake-upstreams/nothing.ts', export: 'nothing' },
      /fake-upstreams\/nothing\.ts: cannot be imported/,
    ],
    [
      'an export that is not there',
      { module: 'fake-upstreams/gemini.ts', export: 'gemnii' },
      /has no export "gemnii"; did you mean "gemini"\?/,
    ],
    ['an export that is no upstream', { module: 'src/upstreams/define.ts', export: 'defineUpstream' }, /"defineUpstream" is no upstream/],
  ])('does not start for %s', async (_what, upstream, message) => {
    const starting = startRole('upstreams', role, { seed: 1, upstreams: { x: upstream } } satisfies UpstreamsConfig)
    await expect(starting).rejects.toMatchObject({ code: 'invalid_scenario', message: expect.stringMatching(message) })
  })
})

describe('a fake on its own', () => {
  const start = (...flags: string[]) => {
    const child = spawn(process.execPath, ['fake-upstreams/gemini.ts', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] })
    return { child, exited: once(child, 'exit') as Promise<[number | null, string | null]> }
  }

  it.each(['SIGTERM', 'SIGINT'] as const)('prints its addresses, serves there, and ends on %s', async (signal) => {
    const { child, exited } = start('--seed', '7')
    let output = ''
    while (output.split('\n').length < 3) output += String((await once(child.stdout, 'data'))[0])
    const [traffic, control] = [...output.matchAll(/http:\S+/g)].map(([url]) => url)
    expect((await fetch(`${traffic}/v1beta/models`)).status).toBe(200)
    expect((await fetch(`${control}/health`)).status).toBe(200)
    child.kill(signal)
    expect(await exited).toEqual([0, null])
  })

  it('says which port is taken and exits 69', async () => {
    const first = start()
    const port = /:(\d+)/.exec(String((await once(first.child.stdout, 'data'))[0]))![1]!
    const second = start('--port', port)
    const [error] = (await once(second.child.stderr, 'data')) as [Buffer]
    expect([String(error), (await second.exited)[0]]).toEqual([expect.stringContaining(`port ${port} on 127.0.0.1 is in use`), 69])
    first.child.kill()
    await first.exited
  })

  it('exits 64 for a flag that it does not understand', async () => {
    expect((await start('--port', 'http').exited)[0]).toBe(64)
    expect((await start('--prot', '1').exited)[0]).toBe(64)
  })
})
