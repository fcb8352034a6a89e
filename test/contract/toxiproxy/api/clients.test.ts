// Foreign clients against `gatecrash toxiproxy`, told by what they answer and by what becomes of real traffic: the node client, and
// the original's own command line.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Bandwidth, type ICreateToxicBody, type Latency, type Proxy, Toxiproxy } from 'toxiproxy-node-client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Ms, realClock } from '../../../../src/kernel/clock.ts'
import { component } from '../../../components.ts'
import { portOf } from '../ask.ts'
import { startCommand } from '../command.ts'
import { dial, echo, type Peer, refused, Upstream } from '../peer.ts'
import { timed } from '../rig.ts'

const cli = component('toxiproxy-cli')

let server: Awaited<ReturnType<typeof startCommand>>
let upstream: Upstream
let at: string

beforeEach(async () => {
  server = await startCommand()
  upstream = await Upstream.start(echo)
  at = `127.0.0.1:${upstream.port}`
})
afterEach(async () => {
  await upstream?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

describe('the node client', () => {
  it('is served the example of its readme', async () => {
    const toxiproxy = new Toxiproxy(server.url)
    const proxy = await toxiproxy.createProxy({ listen: 'localhost:0', name: 'redis', upstream: 'redis:6379' })
    const toxic = await proxy.addToxic({ attributes: { rate: 1000 }, type: 'bandwidth' } as ICreateToxicBody<Bandwidth>)
    expect(toxic.toJson()).toEqual({
      attributes: { rate: 1000 },
      name: 'bandwidth_downstream',
      stream: 'downstream',
      toxicity: 1,
      type: 'bandwidth',
    })
  })

  it('sets a toxic, changes it and takes it away, and traffic follows', timed, async () => {
    const proxy = await made('slow')
    const client = await dial(portOf(proxy))
    expect(await roundTrip(client)).toBeAbout(0)
    const body = { type: 'latency', attributes: { latency: 300, jitter: 0 } } as ICreateToxicBody<Latency>
    const toxic = await proxy.addToxic(body)
    expect(await roundTrip(client)).toBeAbout(300)
    const upwards = await proxy.addToxic({ ...body, name: 'upwards', stream: 'upstream' })
    expect(await roundTrip(client)).toBeAbout(600)
    await upwards.remove()

    const slower = await toxic.update({ ...toxic.toJson(), attributes: { latency: 500, jitter: 0 } })
    expect((await proxy.getToxic('latency_downstream')).toJson()).toEqual(slower.toJson())
    expect(await roundTrip(client)).toBeAbout(500)
    await slower.remove()
    expect(await roundTrip(client)).toBeAbout(0)
    await expect(proxy.getToxic('latency_downstream')).rejects.toThrow('404')
    client.socket.destroy()
  })

  it('switches a proxy off and on, and moves it to another upstream', async () => {
    const proxy = await made('moved')
    const { listen } = proxy
    const client = await dial(portOf(proxy))
    await roundTrip(client)
    expect((await proxy.update({ listen, upstream: at, enabled: false })).enabled).toBe(false)
    expect(await client.over()).toBe('eof')
    expect(await refused(portOf(proxy))).toBe(true)
    expect(await proxy.update({ listen, upstream: at, enabled: true })).toMatchObject({ listen, enabled: true })
    await using other = await Upstream.start((peer) => void peer.socket.end('other'))
    await proxy.update({ listen, upstream: `127.0.0.1:${other.port}`, enabled: true })
    const moved = await dial(portOf(proxy))
    await moved.over()
    expect(moved.text).toBe('other')
  })

  it('populates, lists and resets', async () => {
    const toxiproxy = new Toxiproxy(server.url)
    const bodies = ['first', 'second'].map((name) => ({ name, listen: '127.0.0.1:0', upstream: at }))
    const populated = await toxiproxy.populate(bodies)
    expect(Object.keys(populated)).toEqual(['first', 'second'])
    const { first, second } = populated as { first: Proxy; second: Proxy }
    for (const proxy of [first, second]) await roundTrip(await dial(portOf(proxy)))
    expect(await toxiproxy.getAll()).toMatchObject({ first: { upstream: at, enabled: true }, second: { upstream: at, enabled: true } })

    await first.update({ listen: first.listen, upstream: at, enabled: false })
    const client = await dial(portOf(second))
    await roundTrip(client)
    await second.addToxic({ type: 'timeout', attributes: { timeout: 0 } } as ICreateToxicBody<object>)
    client.write('lost')
    await toxiproxy.reset()
    expect(await client.over()).toBe('eof')
    expect(client.text).toBe('x')
    for (const proxy of [first, second]) await roundTrip(await dial(portOf(proxy)))
    expect(await toxiproxy.get('first')).toMatchObject({ listen: first.listen, enabled: true })

    await first.remove()
    await second.remove()
    expect(await refused(portOf(first))).toBe(true)
    await expect(toxiproxy.get('first')).rejects.toThrow('404')
    expect(Object.keys(await toxiproxy.getAll())).toEqual([])
  })

  it('is told a version that it can compare, and is refused what exists', async () => {
    const toxiproxy = new Toxiproxy(server.url)
    expect((JSON.parse(await toxiproxy.getVersion()) as { version: string }).version).toMatch(/^2\.12\.0/)
    await made('once')
    await expect(made('once')).rejects.toThrow('409')
  })
})

describe.skipIf(!cli.available)("the original's command line", () => {
  const run = (...args: string[]): Promise<Said> => output(cli.available ? cli.path : '', ['--host', server.url, ...args])
  const says = async (...args: string[]): Promise<string> => {
    const { code, text } = await run(...args)
    expect(code, text).toBe(0)
    return text
  }
  const create = async (name: string): Promise<number> => {
    expect(await says('create', '--listen', 'localhost:0', '--upstream', at, name)).toBe(`Created new proxy ${name}\n`)
    return Number(/127\.0\.0\.1:(\d+)/.exec(await says('list'))?.[1])
  }

  it('creates, lists, toggles and deletes a proxy', async () => {
    expect(await says('list')).toBe('')
    const port = await create('redis')
    expect(await says('list')).toBe(`redis\t127.0.0.1:${port}\t${at}\tenabled\t0\n`)
    const client = await dial(port)
    await roundTrip(client)

    expect(await says('toggle', 'redis')).toBe('Proxy redis is now disabled\n')
    expect(await client.over()).toBe('eof')
    expect(await refused(port)).toBe(true)
    expect(await says('list')).toContain('disabled')
    expect(await says('toggle', 'redis')).toBe('Proxy redis is now enabled\n')
    await roundTrip(await dial(port))

    expect(await says('delete', 'redis')).toBe('Deleted proxy redis\n')
    expect(await refused(port)).toBe(true)
    expect(await says('list')).toBe('')
  })

  it('adds toxics to either stream, shows them, updates and removes them', timed, async () => {
    const port = await create('cache')
    const client = await dial(port)
    expect(await says('toxic', 'add', '-t', 'latency', '-a', 'latency=300', '-a', 'jitter=0', 'cache')).toBe(
      "Added downstream latency toxic 'latency_downstream' on proxy 'cache'\n",
    )
    expect(await roundTrip(client)).toBeAbout(300)
    expect(await says('toxic', 'add', '-n', 'up', '-t', 'latency', '--upstream', '--tox', '1', '-a', 'latency=200', 'cache')).toBe(
      "Added upstream latency toxic 'up' on proxy 'cache'\n",
    )
    expect(await says('toxic', 'add', '-n', 'never', '-t', 'timeout', '--downstream', '--tox', '0', 'cache')).toBe(
      "Added downstream timeout toxic 'never' on proxy 'cache'\n",
    )
    expect(await roundTrip(client)).toBeAbout(500)
    expect(await says('inspect', 'cache')).toBe(
      [
        'up\ttype=latency\tstream=upstream\ttoxicity=1.00\tattributes=[\tjitter=0\tlatency=200\t]\n',
        'latency_downstream\ttype=latency\tstream=downstream\ttoxicity=1.00\tattributes=[\tjitter=0\tlatency=300\t]\n',
        'never\ttype=timeout\tstream=downstream\ttoxicity=0.00\tattributes=[\ttimeout=0\t]\n',
      ].join(''),
    )
    expect(await says('list')).toMatch(/\tenabled\t3\n$/)

    expect(await says('toxic', 'update', '-n', 'up', '-a', 'latency=100', 'cache')).toBe("Updated toxic 'up' on proxy 'cache'\n")
    expect(await roundTrip(client)).toBeAbout(400)
    for (const name of ['up', 'latency_downstream'])
      expect(await says('toxic', 'remove', '-n', name, 'cache')).toBe(`Removed toxic '${name}' on proxy 'cache'\n`)
    expect(await roundTrip(client)).toBeAbout(0)
    // A timeout ends the connections that carry it when it goes, whether or not it acted.
    await says('toxic', 'remove', '-n', 'never', 'cache')
    expect(await client.over()).toBe('eof')
    expect(await says('inspect', 'cache')).toBe('')
  })

  it('passes on why the server refuses', async () => {
    await create('taken')
    for (const [args, reason] of [
      [['create', '-l', 'localhost:0', '-u', at, 'taken'], 'Failed to create proxy: Create: HTTP 409: proxy already exists'],
      [['create', '-l', 'nowhere', '-u', at, 'lost'], 'HTTP 500: listen tcp: address nowhere: missing port in address'],
      [['toggle', 'lost'], 'Failed to retrieve proxy lost: HTTP 404: proxy not found'],
      [['toxic', 'add', '-t', 'down', 'taken'], 'HTTP 400: invalid toxic type'],
      [['toxic', 'add', '-t', 'latency', '-a', 'latency=soon', 'taken'], 'HTTP 400: bad request body: '],
      [['toxic', 'update', '-n', 'lost', 'taken'], 'HTTP 404: toxic not found'],
      [['toxic', 'remove', '-n', 'lost', 'taken'], 'HTTP 404: toxic not found'],
    ] as const) {
      const { code, text } = await run(...args)
      expect(text).toContain(reason)
      expect(code).toBe(1)
    }
  })
})

/** A proxy in front of the echo. */
function made(name: string): Promise<Proxy> {
  return new Toxiproxy(server.url).createProxy({ name, listen: '127.0.0.1:0', upstream: at })
}

/** How long an echo takes. */
async function roundTrip(client: Peer): Promise<Ms> {
  const began = realClock.now()
  client.write('x')
  return (await client.got(client.bytes + 1)) - began
}

interface Said {
  code: number | null
  text: string
}

async function output(program: string, args: string[]): Promise<Said> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, text }
}
