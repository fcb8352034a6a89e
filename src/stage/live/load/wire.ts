// Sends requests with undici's Client: one request at a time on each connection, one connection for each request in flight.
// A pool would search all of its connections for a free one at each request. That costs most when thousands are stuck, which is
// when the load must stay punctual. A stack of free connections costs the same at any number.
import type { IncomingHttpHeaders } from 'node:http'
import { Client, type Dispatcher, buildConnector } from 'undici'
import type { Clock, Ms } from '../../../kernel/clock.ts'
import { GatecrashError } from '../../../kernel/errors.ts'
import { AnswerMeter, type AnswerAsks, type AnswerMeasures, KnownBodies } from './answer-meter.ts'
import type { Ending, GivenUp } from './classify.ts'
import { pacedBody } from './paced-body.ts'
import { pacedHead } from './paced-head.ts'

export interface WireRequest {
  method: string
  path: string
  /** Name, value, name, value … */
  headers: string[]
  body: string | null
  /** The body is sent in pieces, evenly over so long. */
  bodyOverMs?: Ms
  /** The head is sent in pieces, evenly over so long, on a connection of its own. */
  headOverMs?: Ms
}

export interface Wire {
  /** Sends at once. `ended` is called exactly once. The returned function gives the request up, and breaks its connection. */
  send(request: WireRequest, ended: (ending: Ending) => void): GiveUp
  /** Breaks every connection. */
  close(): Promise<void>
}

export type GiveUp = (code: GivenUp) => void

/** Connections to `target`, the base URL of a gateway; any path in it is ignored. `asked`: what criteria ask of answers. */
export function openWire(target: string, clock: Clock, asked?: AnswerAsks): Wire {
  const { origin } = new URL(target)
  // The load times requests out itself, counted from the due time. No timeout of the client may come first.
  const connect = buildConnector({ timeout: 0 })
  const options: Client.Options = { connect, headersTimeout: 0, bodyTimeout: 0, pipelining: 1 }
  const all: Client[] = []
  const free: Client[] = []
  const known = new KnownBodies()
  const connection = (): Client => {
    const reused = free.pop()
    if (reused) return reused
    const client = new Client(origin, options)
    all.push(client)
    return client
  }
  const slow = new Set<Client>()
  const slowConnection = (headOverMs: Ms): Client => {
    const client = new Client(origin, { ...options, connect: pacedHead(connect, headOverMs, clock) })
    slow.add(client)
    return client
  }
  const close = (client: Client): void => {
    slow.delete(client)
    void client.destroy()
  }
  return {
    send(request, ended) {
      const { headOverMs } = request
      const client = headOverMs === undefined ? connection() : slowConnection(headOverMs)
      const release = (): void => void (headOverMs === undefined ? free.push(client) : close(client))
      const exchange = new Exchange(clock, new AnswerMeter(clock.now(), known, asked), ended, release)
      client.dispatch(sendable(request, clock), exchange)
      return (code) => exchange.giveUp(code)
    },
    async close() {
      await Promise.all([...all, ...slow].map((client) => client.destroy()))
    },
  }
}

/** What undici is given: of a slow client's body a stream, whose length the head says all the same. */
function sendable({ bodyOverMs, headOverMs: _paced, ...request }: WireRequest, clock: Clock): Dispatcher.DispatchOptions {
  if (bodyOverMs === undefined || request.body === null) return request
  const body = Buffer.from(request.body)
  return { ...request, headers: [...request.headers, 'content-length', String(body.length)], body: pacedBody(body, bodyOverMs, clock) }
}

/** One request and its answer. A body that is shorter than its head says is an error of undici's. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #ended: (ending: Ending) => void
  readonly #release: () => void
  #controller: Dispatcher.DispatchController | undefined
  readonly #clock: Clock
  readonly #meter: AnswerMeter
  #over = false
  #status = 0
  #headers: IncomingHttpHeaders = {}

  constructor(clock: Clock, meter: AnswerMeter, ended: (ending: Ending) => void, release: () => void) {
    this.#clock = clock
    this.#meter = meter
    this.#ended = ended
    this.#release = release
  }

  giveUp(code: GivenUp): void {
    this.#end({ is: 'given_up', status: this.#status, code, answer: this.#measures(false) })
    this.#controller?.abort(new Error(code))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    // The request was given up while its connection was being made. Nothing of it is sent.
    if (this.#over) controller.abort(new Error('given up before it was sent'))
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status
    this.#headers = headers
    this.#meter.head(headers, this.#clock.now())
  }

  onResponseData(_controller: Dispatcher.DispatchController, piece: Uint8Array): void {
    this.#meter.add(piece, this.#clock.now())
  }

  onResponseEnd(): void {
    this.#release()
    if (this.#over) return
    this.#end({
      is: 'answered',
      status: this.#status,
      headers: this.#headers,
      answer: this.#measures(true),
      json: () => this.#meter.json(),
    })
  }

  // Only now is the connection free, also after a request was given up: until then the request may still wait in it.
  onResponseError(_controller: Dispatcher.DispatchController, error: Error & { code?: string }): void {
    const ours = ourFault(error)
    if (ours) throw ours
    this.#release()
    if (this.#over) return
    this.#end({ is: 'broken', status: this.#status, code: error.code ?? error.name, answer: this.#measures(false) })
  }

  #measures(isWhole: boolean): AnswerMeasures {
    return this.#meter.end(this.#clock.now(), isWhole)
  }

  #end(ending: Ending): void {
    if (this.#over) return
    this.#over = true
    this.#ended(ending)
  }
}

// Some failures are not the gateway's and must not count against it. They end the load generator, and with it the run.
function ourFault(error: Error & { code?: string }): GatecrashError | undefined {
  const { code = '' } = error
  if (code === 'UND_ERR_INVALID_ARG') return new GatecrashError('internal', `a request cannot be sent: ${error.message}`, { cause: error })
  if (!OUT_OF_SOCKETS.has(code)) return undefined
  const remedy = "lower the rate or the load's timeout, or raise the limit (ulimit -n, ip_local_port_range)"
  return new GatecrashError('child_failed', `the load generator has no socket left (${code}); ${remedy}`, { cause: error })
}

const OUT_OF_SOCKETS = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS'])
