// A gateway as many write it: Express in front, opossum around each attempt, a retry loop around the breaker. Its breaker trips by failure
// rate, it marks no refusal and tells no events. DEFECT names what is wrong with it; without, it is healthy.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import express from 'express'
import CircuitBreaker from 'opossum'
import { Agent, type Dispatcher } from 'undici'

const defect = process.env['DEFECT']
const attempts = defect === 'retry-storm' ? 12 : 3
const baseMs = defect === 'retry-storm' ? 0 : 100
const timeoutMs = 1000

interface Attempt {
  upstream: URL
  path: string
  request: IncomingMessage
  body: Buffer
  left: AbortSignal
}

const agent = new Agent({ connections: 256 })
const upstreams = new Map(
  Object.entries(process.env)
    .filter(([name]) => name.startsWith('UPSTREAM_'))
    .map(([name, url]) => [name.slice('UPSTREAM_'.length).toLowerCase(), new URL(url!)]),
)

class UpstreamFailure extends Error {
  readonly response: Dispatcher.ResponseData
  constructor(response: Dispatcher.ResponseData) {
    super(`status ${response.statusCode}`)
    this.response = response
  }
}

async function attempt({ upstream, path, request, body, left }: Attempt): Promise<Dispatcher.ResponseData> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new Error('timeout')), timeoutMs)
  try {
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers
    const response = await agent.request({
      origin: upstream.origin,
      path,
      method: request.method as Dispatcher.HttpMethod,
      headers,
      body: body.length > 0 ? body : null,
      signal: AbortSignal.any([left, late.signal]),
      bodyTimeout: 5000,
    })
    if (response.statusCode >= 500) throw new UpstreamFailure(response)
    return response
  } finally {
    clearTimeout(timer)
  }
}

const breakers = new Map<string, CircuitBreaker<[Attempt], Dispatcher.ResponseData>>()

function breakerOf(name: string): CircuitBreaker<[Attempt], Dispatcher.ResponseData> {
  const key = defect === 'one-breaker-for-all' ? 'all' : name
  const known = breakers.get(key)
  if (known) return known
  const breaker = new CircuitBreaker(attempt, {
    timeout: false,
    errorThresholdPercentage: defect === 'no-breaker' ? 101 : 50,
    volumeThreshold: 10,
    rollingCountTimeout: 2000,
    resetTimeout: 5000,
    // A client that leaves says nothing of the upstream.
    errorFilter: (error: Error) => error.name === 'AbortError',
  })
  breakers.set(key, breaker)
  return breaker
}

async function call(name: string, job: Attempt): Promise<Dispatcher.ResponseData> {
  const mayRepeat = defect === 'retries-posts' || job.request.method !== 'POST' || job.request.headers['idempotency-key'] !== undefined
  for (let tried = 1; ; tried++) {
    try {
      return await breakerOf(name).fire(job)
    } catch (error) {
      const isRefusal = (error as { code?: string }).code === 'EOPENBREAKER'
      if (!mayRepeat || isRefusal || tried === attempts || job.left.aborted) throw error
      if (error instanceof UpstreamFailure) {
        // What it asks for beyond two seconds is for the client to wait.
        const afterMs = Number(error.response.headers['retry-after'] ?? 0) * 1000
        if (afterMs > 2000) throw error
        await error.response.body.dump()
        if (afterMs > 0) await sleep(afterMs)
      }
      await sleep(baseMs * 2 ** (tried - 1) * (0.5 + Math.random()))
    }
  }
}

async function forward(request: IncomingMessage & { params: { upstream: string } }, response: ServerResponse): Promise<void> {
  const name = request.params.upstream
  const upstream = upstreams.get(name)
  if (!upstream) return refuse(response, 404, 'unknown upstream')
  const left = new AbortController()
  response.once('close', () => left.abort())
  const body = Buffer.concat(await request.toArray())
  try {
    const answer = await call(name, { upstream, path: request.url!.slice(name.length + 1), request, body, left: left.signal })
    await pass(answer, response)
  } catch (error) {
    if (error instanceof UpstreamFailure) return pass(error.response, response)
    if (response.headersSent) return void response.destroy()
    const isOpen = (error as { code?: string }).code === 'EOPENBREAKER'
    refuse(response, isOpen ? 503 : 502, isOpen ? 'temporarily unavailable' : 'bad gateway')
  }
}

async function pass(answer: Dispatcher.ResponseData, response: ServerResponse): Promise<void> {
  const { connection: _connection, 'keep-alive': _keepAlive, 'transfer-encoding': _coding, ...headers } = answer.headers
  const isDisguised = defect === 'errors-as-200' && answer.statusCode >= 500
  response.writeHead(isDisguised ? 200 : answer.statusCode, headers)
  response.flushHeaders()
  // An answer that breaks off upstream breaks off here.
  await pipeline(answer.body, response).catch(() => response.destroy())
}

function refuse(response: ServerResponse, status: number, message: string): void {
  const isDisguised = defect === 'errors-as-200'
  response.writeHead(isDisguised ? 200 : status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }))
}

const app = express()
app.disable('x-powered-by')
app.get('/healthz', (_request, response) => void response.send('ok'))
app.all('/:upstream/*path', (request, response) => forward(request as never, response))
const server = app.listen(Number(process.env['PORT']), '127.0.0.1')
process.once('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
})
