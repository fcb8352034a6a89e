// What every case of the suite works with: the control API without a client in between, and proxies, upstreams and
// connections that are gone when the case ends. Only what a case made is removed: the server may be shared.
import { expect } from 'vitest'
import { type Ms, realClock } from '../../../src/kernel/clock.ts'
import type { Addresses } from '../../../src/toxiproxy/backends/address-translation.ts'
import { dial, type Peer, Upstream } from './peer.ts'

/** A server under test. */
export interface ServerUnderTest extends AsyncDisposable {
  url: string
  addresses: Addresses
  /** What a process of its own said when it ended by itself; undefined as long as it runs. */
  died?(): string | undefined
  /** A second server of the same kind that serves /metrics. */
  withMetrics(): Promise<{ url: string } & AsyncDisposable>
}

export interface Reply {
  status: number
  text: string
  /** The body as JSON; undefined when it is none. */
  // oxlint-disable-next-line typescript/no-explicit-any -- answers of a foreign server, looked into by assertions
  json: any
  headers: Headers
}

export interface MadeProxy {
  name: string
  /** As the server reports it. */
  listen: string
  port: number
  path: string
}

export interface ToxicBody {
  name?: string
  type: string
  stream?: string
  toxicity?: number
  attributes?: Record<string, number>
}

/** What a late answer may cost: this machine's scheduler, or a shared one. */
const LATE: Ms = process.env['CI'] ? 250 : 60

let serial = 0

export class Rig implements AsyncDisposable {
  readonly url: string
  readonly addresses: Addresses
  readonly #names: string[] = []
  readonly #upstreams: Upstream[] = []
  readonly #peers: Peer[] = []

  constructor({ url, addresses }: { url: string; addresses: Addresses }) {
    this.url = url
    this.addresses = addresses
  }

  /** A name that no other case or run uses. */
  name(): string {
    const name = `suite-${process.pid}-${serial++}`
    this.#names.push(name)
    return name
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(this.url + path, { method, headers, ...(text !== undefined && { body: text }), redirect: 'manual' })
    const answer = await response.text()
    let json: unknown
    try {
      json = JSON.parse(answer)
    } catch {
      json = undefined
    }
    return { status: response.status, text: answer, json, headers: response.headers }
  }

  /** Creates an upstream that is closed with the case. */
  async upstream(behaviour?: (peer: Peer) => void): Promise<Upstream> {
    const upstream = await Upstream.start(behaviour)
    this.#upstreams.push(upstream)
    return upstream
  }

  /** `host:port` of an upstream in the server's terms. */
  at(upstream: { port: number }): string {
    return this.addresses.upstream(`127.0.0.1:${upstream.port}`)
  }

  async listen(): Promise<string> {
    return this.addresses.listen()
  }

  /** Where this machine reaches what the server reports as `listen`. */
  port(listen: string): number {
    const reached = this.addresses.reach(listen)
    return Number(reached.slice(reached.lastIndexOf(':') + 1))
  }

  /** Creates a proxy in front of `upstream`, with toxics that act from its first connection on. */
  async proxy(upstream: { port: number }, ...toxics: ToxicBody[]): Promise<MadeProxy> {
    const name = this.name()
    const path = `/proxies/${name}`
    const made = await this.must('POST', '/proxies', { name, upstream: this.at(upstream), listen: await this.listen(), enabled: false })
    for (const toxic of toxics) await this.must('POST', `${path}/toxics`, toxic)
    const { listen } = (await this.must('POST', path, { ...made, enabled: true })).json
    return { name, listen, port: this.port(listen), path }
  }

  /** A call that has to succeed. */
  async must(method: string, path: string, body?: unknown): Promise<Reply> {
    const reply = await this.call(method, path, body)
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`)
    return reply
  }

  async dial(proxy: { port: number }): Promise<Peer> {
    const peer = await dial(proxy.port)
    this.#peers.push(peer)
    return peer
  }

  /** A connection through a new proxy: both ends of it. */
  async connected(
    toxics: ToxicBody[] = [],
    behaviour?: (peer: Peer) => void,
  ): Promise<{ client: Peer; server: Peer; proxy: MadeProxy; upstream: Upstream }> {
    const upstream = await this.upstream(behaviour)
    const proxy = await this.proxy(upstream, ...toxics)
    return { ...(await this.pair(proxy, upstream)), proxy, upstream }
  }

  async pair(proxy: { port: number }, upstream: Upstream): Promise<{ client: Peer; server: Peer }> {
    const client = await this.dial(proxy)
    return { client, server: await upstream.next() }
  }

  /** A connection that is over need not be kept until the end of the case. */
  forget(peer: Peer): void {
    const at = this.#peers.indexOf(peer)
    if (at >= 0) this.#peers.splice(at, 1)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const peer of [...this.#peers, ...this.#upstreams.flatMap((upstream) => upstream.peers)]) peer.socket.destroy()
    for (const name of this.#names) await this.call('DELETE', `/proxies/${name}`)
    for (const upstream of this.#upstreams) await upstream[Symbol.asyncDispose]()
  }
}

/** With `atMost`, to sleep longer is lateness: what the case is about would be over. */
export async function sleep(ms: Ms, atMost: Ms = Number.POSITIVE_INFINITY): Promise<void> {
  const began = realClock.now()
  await realClock.sleep(ms)
  const took = realClock.now() - began
  if (took > atMost) throw new Error(`too late: slept ${took.toFixed(1)} ms instead of at most ${atMost} ms`)
}

/** An upstream accepts before the proxy has joined the two sides; a byte on its way back tells that it has. */
export async function joined({ client, server }: { client: Peer; server: Peer }): Promise<void> {
  const before = client.bytes
  server.write('!')
  await client.got(before + 1)
}

/** Options of cases that measure time: a busy machine may be late, so lateness alone is tried again, in CI too. */
export const timed = { retry: { count: 4, delay: 1000, condition: /^too late/ } }

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>> {
    /** A span of time: never shorter, longer only by what the machine may cost. */
    toBeAbout(expected: Ms, slack?: Ms): R
  }
}

expect.extend({
  toBeAbout(took: Ms, expected: Ms, slack: Ms = LATE) {
    const early = took < expected - 2
    const shown = `${early ? 'too early' : 'too late'}: ${took.toFixed(1)} ms instead of ${expected} ms`
    return { pass: !early && took <= expected + slack, message: () => shown }
  },
})

/** Bytes that tell where they are: a lost or moved one shows. */
export function pattern(length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  for (let at = 0; at < length; at++) bytes[at] = (at * 31 + (at >> 8)) & 0xff
  return bytes
}
