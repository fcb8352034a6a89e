// Foreign clients against a server of ours: the example of the node client's readme, and the original's own command line.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bandwidth, type ICreateToxicBody, Toxiproxy } from 'toxiproxy-node-client'
import { expect, it } from 'vitest'
import { serveToxiproxy } from '../../../src/toxiproxy/serve.ts'
import { component } from '../../components.ts'

const cli = component('toxiproxy-cli')

it("serves the example of the node client's readme", async () => {
  await using server = await serveToxiproxy({ port: 0 })
  const toxiproxy = new Toxiproxy(server.url)
  const proxy = await toxiproxy.createProxy({ listen: 'localhost:0', name: 'redis', upstream: 'redis:6379' })
  const body = { attributes: { rate: 1000 }, type: 'bandwidth' } as ICreateToxicBody<Bandwidth>
  const toxic = await proxy.addToxic(body)
  expect(toxic.toJson()).toEqual({
    attributes: { rate: 1000 },
    name: 'bandwidth_downstream',
    stream: 'downstream',
    toxicity: 1,
    type: 'bandwidth',
  })
})

it.skipIf(!cli.available)("serves the original's command line", async () => {
  await using server = await serveToxiproxy({ port: 0 })
  const run = (...args: string[]): Promise<string> => output(cli.available ? cli.path : '', ['--host', server.url, ...args])
  expect(await run('create', '--listen', 'localhost:0', '--upstream', 'localhost:9', 'redis')).toContain('Created new proxy redis')
  expect(await run('list')).toMatch(/redis\s+127\.0\.0\.1:\d+\s+localhost:9\s+enabled\s+0/)
  expect(await run('toxic', 'add', '-t', 'latency', '-a', 'latency=1000', '-a', 'jitter=10', 'redis')).toContain(
    "Added downstream latency toxic 'latency_downstream' on proxy 'redis'",
  )
  expect(await run('toxic', 'update', '-n', 'latency_downstream', '-a', 'latency=500', 'redis')).toContain('Updated toxic')
  expect(await run('inspect', 'redis')).toMatch(/latency_downstream\s+type=latency.*toxicity=1\.00.*latency=500/s)
  expect(await run('toxic', 'remove', '-n', 'latency_downstream', 'redis')).toContain('Removed toxic')
  expect(await run('toggle', 'redis')).toContain('disabled')
  expect(await run('delete', 'redis')).toContain('Deleted proxy redis')
})

it('begins with the proxies of a file, and refuses one that it cannot use', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatecrash-'))
  const file = join(folder, 'proxies.json')
  try {
    await writeFile(file, JSON.stringify([{ name: 'a', listen: '127.0.0.1:0', upstream: 'host:80', enabled: true }]))
    await using server = await serveToxiproxy({ port: 0, configFile: file })
    expect(Object.keys(await new Toxiproxy(server.url).getAll())).toEqual(['a'])
    await writeFile(file, '[{"name":"a"}]')
    await expect(serveToxiproxy({ port: 0, configFile: file })).rejects.toMatchObject({
      code: 'invalid_config',
      message: expect.stringContaining('missing required field: upstream at proxy 1') as string,
    })
    await expect(serveToxiproxy({ port: 0, configFile: join(folder, 'none.json') })).rejects.toMatchObject({ code: 'invalid_config' })
  } finally {
    await rm(folder, { recursive: true })
  }
})

it('says so when its port is taken', async () => {
  await using server = await serveToxiproxy({ port: 0 })
  await expect(serveToxiproxy({ port: server.port })).rejects.toMatchObject({ code: 'port_taken' })
})

async function output(program: string, args: string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  await once(child, 'close')
  // Without its colours.
  // oxlint-disable-next-line no-control-regex -- that is what colours are
  return text.replace(/\u001B\[[\d;]*m/g, '')
}
