// Clients of other languages as far as their wire goes, against `gatecrash toxiproxy` and, where there is one, the original.
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { component } from '../../../components.ts'
import { portOf, type ShownProxy } from '../ask.ts'
import { startCommand } from '../command.ts'
import { type Dialect, dialects, TOXIC, type WireRequest } from './dialects.ts'
import { dial, echo, isHit, refused, Upstream } from '../peer.ts'
import { startReal } from '../real-server.ts'

const program = component('toxiproxy-server')

describe.each([
  { server: 'gatecrash toxiproxy', start: () => startCommand(), skip: false },
  { server: 'the original', start: () => startReal(program.available ? program.path : ''), skip: !program.available },
])('$server', ({ start, skip }) => {
  let server: { url: string } & AsyncDisposable
  let upstream: Upstream
  beforeAll(async () => {
    if (skip) return
    server = await start()
    upstream = await Upstream.start(echo)
  })
  afterAll(async () => {
    await upstream?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
  })

  it.skipIf(skip).for(dialects)('obeys the requests of $client', async (dialect) => {
    using client = new Client(server.url, dialect)
    const name = `of-${dialect.client.replace(/\W/, '')}`
    const at = `127.0.0.1:${upstream.port}`
    // What several of them do to learn whether a server is there.
    ;(await dial(Number(new URL(server.url).port))).socket.destroy()

    const made = await client.send<ShownProxy>(dialect.create(name, at), 201)
    expect(made).toMatchObject({ name, upstream: at, enabled: true, toxics: [] })
    const port = portOf(made)
    const hit = async (): Promise<boolean> => isHit(await dial(port))
    expect(await hit()).toBe(false)
    expect(await client.send<ShownProxy>(dialect.setEnabled(made, false), 200)).toEqual({ ...made, enabled: false })
    expect(await refused(port)).toBe(true)
    expect(await client.send<ShownProxy>(dialect.setEnabled(made, true), 200)).toEqual(made)
    expect(await hit()).toBe(false)

    const limit = { name: TOXIC, type: 'limit_data', stream: expect.stringMatching(/^downstream$/i) as string, toxicity: 1 }
    expect(await client.send(dialect.limit(name), 200)).toEqual({ ...limit, attributes: { bytes: 0 } })
    expect(await hit()).toBe(true)
    expect(await client.send(dialect.allow(name, 100), 200)).toEqual({ ...limit, attributes: { bytes: 100 } })
    expect(await hit()).toBe(false)
    expect(await client.send({ method: 'GET', path: `/proxies/${name}/toxics` }, 200)).toEqual([{ ...limit, attributes: { bytes: 100 } }])
    expect(await client.send(dialect.limit(name), 409)).toEqual({ error: 'toxic already exists', status: 409 })
    await client.send({ method: 'DELETE', path: `/proxies/${name}/toxics/${TOXIC}` }, 204)

    await client.send(dialect.limit(name), 200)
    await client.send(dialect.setEnabled(made, false), 200)
    await client.send({ method: 'POST', path: '/reset' }, 204)
    expect(await client.send({ method: 'GET', path: '/proxies' }, 200)).toMatchObject({ [name]: made })
    expect(await hit()).toBe(false)
    await client.send({ method: 'DELETE', path: `/proxies/${name}` }, 204)
    expect(await refused(port)).toBe(true)
    expect(await client.send({ method: 'GET', path: `/proxies/${name}` }, 404)).toEqual({ error: 'proxy not found', status: 404 })
  })
})

/** Sends exactly the headers of a dialect, on one connection where that says so. */
class Client implements Disposable {
  readonly #url: string
  readonly #headers: Record<string, string>
  readonly #agent: Agent

  constructor(url: string, { headers }: Dialect) {
    this.#url = url
    this.#headers = headers
    this.#agent = new Agent({ keepAlive: headers['Connection'] !== 'close', maxSockets: 1 })
  }

  async send<T = unknown>({ method, path, body }: WireRequest, status: number): Promise<T> {
    const { Expect: expects, ...headers } = this.#headers
    const sent = request(this.#url + path, {
      method,
      agent: this.#agent,
      headers: {
        ...headers,
        ...(body === undefined ? method === 'POST' && { 'Content-Length': 0 } : { 'Content-Length': Buffer.byteLength(body) }),
        ...(body !== undefined && expects !== undefined && { Expect: expects }),
      },
    })
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>
    if (body !== undefined && expects !== undefined) {
      sent.flushHeaders()
      await once(sent, 'continue')
    }
    sent.end(body)
    const [response] = await answered
    const answer = await text(response)
    if (response.statusCode !== status) throw new Error(`${method} ${path} ${body ?? ''}: ${response.statusCode} ${answer}`)
    return (answer === '' ? undefined : JSON.parse(answer)) as T
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }
}
