// A fake upstream on a port. Plain node:http gives control of every socket: what answer.ts decides happens here byte for byte.
//
//   request read ──▶ arrival ──▶ respond() ──▶ wait ──▶ bytes, pieces, cut ──▶ departure
//                                               └─ client gone at any time ──▶ departure (clientGone)
import { UNKNOWN_ROUTE } from '../../evidence/events/arrival.ts'
import { bodyChecksum } from '../../contract/body-checksum.ts'
import { IDEMPOTENCY_KEY } from '../../contract/headers.ts'
import { keyHash } from '../../contract/key-hash.ts'
import { idempotentMethods } from '../../contract/methods.ts'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { inspect } from 'node:util'
import { type Cancel, type Clock, type Ms, realClock, wallClock } from '../../kernel/clock.ts'
import { retryAfterMs } from '../../policies/retry/retry-after.ts'
import type { CustomFaults } from '../../faults/custom-fault.ts'
import { listen, type Listening } from '../../kernel/server.ts'
import type { ArrivalEvent, DepartureEvent, SocketsEvent } from '../../evidence/events.ts'
import { type Responder, responder } from '../answering/responder.ts'
import type { Upstream } from '../define.ts'
import { answerCanary, isCanary } from './canary-endpoint.ts'
import { type Sending, send } from './send-answer.ts'

export type UpstreamEvent = ArrivalEvent | DepartureEvent | SocketsEvent

export interface ServeOptions {
  seed: number
  /** Default: a free port on 127.0.0.1. */
  port?: number
  host?: string
  /** Called with every event, in order. */
  write?: (event: UpstreamEvent) => void
  clock?: Clock
  /** Users' own faults that may be set. */
  customFaults?: CustomFaults
  /** Called when a route, or a fault of the user's own, has thrown. Default: the first throw of each route is told on standard error. */
  onThrow?: (route: string, cause: unknown) => void
}

export interface ServedUpstream extends Listening {
  readonly name: string
  readonly upstream: Upstream
  readonly faults: Responder['faults']
  readonly customFaults: CustomFaults
  /** Refuses connections from now on, and cuts those that it has. Safe to call twice. */
  goDown(): Promise<void>
  /** Listens again, on the same port. Does nothing while it listens. @throws GatecrashError `port_taken` */
  comeBack(): Promise<void>
  /** Open connections, and requests that have arrived and not departed. */
  sockets(): { open: number; inFlight: number }
}

const SOCKETS_EVERY: Ms = 1000
const MAX_BODY = 64 * 1024 * 1024

/** @throws GatecrashError `port_taken` */
export async function serveUpstream(upstream: Upstream, options: ServeOptions): Promise<ServedUpstream> {
  const { seed, write = () => {}, clock = realClock, customFaults = new Map(), onThrow = tellOnce(upstream) } = options
  const { respond, faults } = responder(upstream, seed, customFaults)
  const { name } = upstream
  let open = 0
  let inFlight = 0
  let closing = false
  let isDown = false
  /** How many requests each connection has carried. */
  const answered = new WeakMap<Socket, number>()
  const drained = Promise.withResolvers<void>()

  const server = createServer((incoming, outgoing) => {
    if (isCanary(incoming.url)) answerCanary(incoming, outgoing)
    else
      receive(
        incoming,
        (body) => arrive(incoming, outgoing, body),
        () => outgoing.writeHead(413, { connection: 'close' }).end(),
      )
  })
  // A fake has only the faults that were asked for. Without these timeouts, none of its idle connections closes under a client.
  server.keepAliveTimeout = 0
  server.requestTimeout = 0
  server.headersTimeout = 0
  server.on('connection', (socket) => {
    open++
    socket.once('close', () => open--)
  })

  function arrive(incoming: IncomingMessage, outgoing: ServerResponse, body: Buffer): void {
    const method = incoming.method ?? 'GET'
    const { headers } = incoming
    const now = clock.now()
    const { route, request, decision, delayMs, answer, thrown, effect } = respond(
      { method, target: incoming.url ?? '/', headers, body },
      now,
    )
    if (thrown !== undefined) onThrow(route ?? UNKNOWN_ROUTE, thrown)
    const { ordinal, attempt, faults: applied } = decision
    const key = headers[IDEMPOTENCY_KEY]
    inFlight++
    write({
      type: 'arrival',
      t: now,
      upstream: name,
      ordinal,
      request,
      attempt,
      concurrent: inFlight,
      route: route ?? UNKNOWN_ROUTE,
      method,
      idempotent: idempotentMethods.has(method) || key !== undefined,
      ...(key !== undefined && { key: keyHash(String(key)) }),
      bodyHash: body.length === 0 ? '' : bodyChecksum(body),
      ...(applied.length > 0 && { faults: applied }),
      ...(effect !== undefined && { effect: effect === null ? '' : keyHash(effect) }),
    })

    const sending = send(answer, outgoing, delayMs, clock)
    const { socket } = incoming
    const nth = (answered.get(socket) ?? 0) + 1
    answered.set(socket, nth)
    if (answer.is === 'sent' && answer.closesAfter !== undefined && nth >= answer.closesAfter) outgoing.once('finish', () => socket.end())
    const depart = (): void => {
      const waitMs = answer.is === 'sent' ? retryAfterMs(answer.headers['retry-after'], wallClock) : undefined
      sending.cancel()
      inFlight--
      const cutByUs = sending.cutByUs() || (isDown && !outgoing.writableFinished)
      const clientGone = !outgoing.writableFinished && !cutByUs && !closing
      write({
        type: 'departure',
        t: clock.now(),
        upstream: name,
        ordinal,
        status: outgoing.headersSent ? outgoing.statusCode : 0,
        clientGone,
        whole: answer.is === 'sent' && answer.whole && !(isDown && cutByUs),
        length: sending.sent.length,
        ...(sending.sent.length > 0 && { checksum: sending.sent.checksum() }),
        ...(waitMs !== undefined && outgoing.headersSent && { retryAfterMs: waitMs }),
        ...(cutByUs && { brokenOff: true }),
        ...eventsOf(sending),
      })
      if (closing && inFlight === 0) drained.resolve()
    }
    if (outgoing.closed || outgoing.destroyed) depart()
    else outgoing.once('close', depart)
  }

  let cancelTick: Cancel
  const tick = (): void => {
    write({ type: 'sockets', t: clock.now(), upstream: name, open })
    cancelTick = clock.after(SOCKETS_EVERY, tick)
  }
  let listening = await listen(server, options)
  const { port, url } = listening
  tick()
  const close = async (): Promise<void> => {
    closing = true
    cancelTick()
    await listening.close()
    // The last responses end after the server has closed. Their departures belong to the log.
    if (inFlight > 0) await drained.promise
  }
  const goDown = (): Promise<void> => {
    isDown = true
    return listening.close()
  }
  const comeBack = async (): Promise<void> => {
    if (!isDown || closing) return
    listening = await listen(server, { ...options, port })
    isDown = false
  }
  const sockets = () => ({ open, inFlight })
  return { port, url, name, upstream, faults, customFaults, sockets, goDown, comeBack, close, [Symbol.asyncDispose]: close }
}

function eventsOf(sending: Sending): Pick<DepartureEvent, 'events' | 'eventsChecksum' | 'streamError'> {
  const stream = sending.events()
  if (!stream) return {}
  const { events, checksum, error } = stream
  return { events, ...(checksum !== undefined && { eventsChecksum: checksum }), ...(error !== undefined && { streamError: error }) }
}

function tellOnce({ name, module }: Upstream): (route: string, cause: unknown) => void {
  const told = new Set<string>()
  return (route, cause) => {
    if (told.has(route)) return
    told.add(route)
    process.stderr.write(`${module}: route "${route}" of ${name} could not reply and was answered 500: ${inspect(cause, { depth: 1 })}\n`)
  }
}

/**
 * Hands over the body once it is complete. When the client leaves before that, it hands over what has arrived. What is longer than any
 * upload of a load is not kept: `refuse` answers it.
 */
function receive(incoming: IncomingMessage, done: (body: Buffer) => void, refuse: () => void): void {
  let chunks: Buffer[] = []
  let size = 0
  const isTooLong = (): boolean => size > MAX_BODY
  incoming.on('data', (chunk: Buffer) => {
    const wasTooLong = isTooLong()
    size += chunk.length
    if (!isTooLong()) chunks.push(chunk)
    else if (!wasTooLong) {
      chunks = []
      refuse()
    }
  })
  incoming.once('end', () => {
    if (!isTooLong()) done(Buffer.concat(chunks))
  })
  incoming.once('close', () => {
    if (!incoming.complete && !isTooLong()) done(Buffer.concat(chunks))
  })
}
