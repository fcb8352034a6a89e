// The HTTP side of the control API: what Go's server and gorilla/mux do in front of Toxiproxy's handlers.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { posix } from 'node:path'
import type { Clock, Ms } from '../../kernel/clock.ts'
import { textOf } from '../go-json.ts'
import { ApiError, apiErrors } from './api-error.ts'
import type { Answer, Call, Route } from './routes.ts'

const BODY_TIMEOUT: Ms = 15_000
const HANDLER_TIMEOUT: Ms = 25_000
const IDLE_TIMEOUT: Ms = 60_000
// Of requests that arrived together on one connection; beyond it, nothing more is read until the first are answered.
const MAX_WAITING = 64
// Far more than thousands of proxies take. The original has no bound.
const MAX_BODY = 16 * 1024 * 1024
// Go's server sends longer bodies in chunks, without a length.
const MAX_COUNTED_LENGTH = 2048

const TIMEOUT_PAGE = '<html><head><title>Timeout</title></head><body><h1>Timeout</h1></body></html>'

/** A server that answers by `routes`; not listening yet. */
export function httpServer(routes: readonly Route[], clock: Clock): Server {
  const patterns = routes.map(({ path, methods }) => ({ methods, pattern: compile(path) }))

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [rawPath = '', query] = (request.url ?? '').split(/\?(.*)/s)
    const path = decodePath(rawPath)
    if (path === undefined) {
      response.shouldKeepAlive = false
      return sendText(response, 400, '400 Bad Request')
    }
    const clean = cleanPath(path)
    if (clean !== path) {
      response.setHeader('Location', encodeURI(clean) + (query === undefined ? '' : `?${query}`))
      return send(response, { status: 301, body: '' })
    }
    const route = patterns.find(({ pattern }) => pattern.test(path))
    if (!route) return sendText(response, 404, '404 page not found')
    const handler = Object.hasOwn(route.methods, request.method ?? '') ? route.methods[request.method ?? ''] : undefined
    if (!handler) return send(response, { status: 405, body: '' })

    response.setHeader('X-Toxiproxy-Request-Id', randomUUID())
    if (request.headers['user-agent']?.startsWith('Mozilla/')) return sendText(response, 403, 'User agent not allowed')
    const { p = '', t = '' } = route.pattern.exec(path)?.groups ?? {}
    const call: Call = {
      proxy: p,
      toxic: t,
      text: () => readBody(request, response, clock),
      header: (name) => String(request.headers[name] ?? ''),
      stream: (headers) => response.writeHead(200, headers),
    }
    const answer = await answerWithin(clock, async () => handler(call))
    if (answer) send(response, answer)
  }

  const inTurn = oneByOne()
  const server = createServer((request, response) => {
    // Only the connection itself can still fail here.
    inTurn(request, response, () => respond(request, response)).catch((error: unknown) => response.destroy(error as Error))
  })
  server.keepAliveTimeout = IDLE_TIMEOUT
  server.headersTimeout = BODY_TIMEOUT
  // readBody times bodies, because a late body gets an answer of its own.
  server.requestTimeout = 0
  server.on('clientError', (_, socket) => socket.destroy())
  return server
}

/**
 * Requests that arrive together on one connection are handled in order, each after the answer to the one before, as by Go's server.
 * Node would begin them all at once, and a read would not see the change that was asked for before it.
 */
function oneByOne(): (request: IncomingMessage, response: ServerResponse, handle: () => Promise<void>) => Promise<void> {
  const last = new WeakMap<object, { waiting: number; done: Promise<unknown> }>()
  return async ({ socket }, response, handle) => {
    const queue = last.get(socket) ?? { waiting: 0, done: Promise.resolve() }
    last.set(socket, queue)
    const before = queue.done
    const over = Promise.withResolvers<void>()
    queue.done = over.promise
    response.once('close', over.resolve)
    if (++queue.waiting > MAX_WAITING) socket.pause()
    await before
    if (--queue.waiting <= MAX_WAITING && !socket.destroyed) socket.resume()
    if (socket.destroyed) return over.resolve()
    await handle()
  }
}

/** Errors become answers. A handler that takes too long becomes a 503, although its work may still be done later. */
async function answerWithin(clock: Clock, handle: () => Promise<Answer | undefined>): Promise<Answer | undefined> {
  let stop = (): void => {}
  const tooSlow = new Promise<Answer>((resolve) => {
    stop = clock.after(HANDLER_TIMEOUT, () => resolve({ status: 503, body: TIMEOUT_PAGE, type: 'text/html; charset=utf-8' }))
  })
  const handled = handle().catch((error: unknown) => {
    const { status, message } = error instanceof ApiError ? error : apiErrors.failed(String(error))
    return { ...plain, status, body: `${JSON.stringify({ error: message, status })}\n` }
  })
  try {
    return await Promise.race([handled, tooSlow])
  } finally {
    stop()
  }
}

async function readBody(request: IncomingMessage, response: ServerResponse, clock: Clock): Promise<string> {
  const pieces: Buffer[] = []
  const giveUp = clock.after(BODY_TIMEOUT, () => {
    response.shouldKeepAlive = false
    response.writeHead(503).end(() => request.destroy())
  })
  try {
    let size = 0
    for await (const piece of request.iterator({ destroyOnReturn: false })) {
      size += (piece as Buffer).length
      if (size > MAX_BODY) {
        response.shouldKeepAlive = false
        request.resume()
        throw apiErrors.bodyTooLarge(MAX_BODY)
      }
      pieces.push(piece as Buffer)
    }
  } finally {
    giveUp()
  }
  return textOf(Buffer.concat(pieces))
}

// How Go's http.Error labels its answers, JSON or not.
const plain = { type: 'text/plain; charset=utf-8', headers: { 'X-Content-Type-Options': 'nosniff' } }

function sendText(response: ServerResponse, status: number, text: string): void {
  send(response, { ...plain, status, body: `${text}\n` })
}

function send(response: ServerResponse, { status, body, type = 'application/json', headers = {} }: Answer): void {
  if (response.headersSent) return
  if (body.length > 0) response.setHeader('Content-Type', type)
  if (status !== 204 && body.length <= MAX_COUNTED_LENGTH) response.setHeader('Content-Length', Buffer.byteLength(body))
  response.writeHead(status, headers).end(body)
}

/** Routing sees the decoded path, so `%2F` is a slash. Undefined for a broken escape. */
function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

/** The path without `//`, `.` and `..`. A trailing slash stays. */
function cleanPath(path: string): string {
  return posix.normalize(path.startsWith('/') ? path : `/${path}`)
}

/**
 * `{p}` and `{t}` take one segment each. `URLPattern` would not do for a decoded path: it drops line breaks, and encodes `ü` and `?`
 * but not `%`, which cannot be undone.
 */
function compile(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{(\w)\}/g, '(?<$1>[^/]+)')}$`, 's')
}
