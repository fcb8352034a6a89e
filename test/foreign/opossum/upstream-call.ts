// Asks an upstream: opossum around each attempt, a retry loop around the breaker.
import type { IncomingHttpHeaders } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import CircuitBreaker from 'opossum'
import { Agent, type Dispatcher } from 'undici'
import { hasDefect } from './defect.ts'
import { is } from './variant.ts'

const attempts = hasDefect('retry-storm') ? 12 : 3
const baseMs = hasDefect('retry-storm') ? 0 : 100
const timeoutMs = 1000

export interface Job {
  upstream: URL
  path: string
  method: string
  headers: IncomingHttpHeaders
  body: Buffer
  /** Aborted when nobody waits for the answer any more. */
  left: AbortSignal
}

export class UpstreamFailure extends Error {
  readonly response: Dispatcher.ResponseData
  constructor(response: Dispatcher.ResponseData) {
    super(`status ${response.statusCode}`)
    this.response = response
  }
}

/** Whether the breaker was open. */
export const isRefusal = (error: unknown): boolean => (error as { code?: string }).code === 'EOPENBREAKER'

const agent = new Agent({ connections: 256, ...(is('closes-connections') && { pipelining: 0 }) })

async function attempt({ upstream, path, method, headers: asked, body, left }: Job): Promise<Dispatcher.ResponseData> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new Error('timeout')), timeoutMs)
  try {
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = asked
    if (is('no-ids')) for (const name of ['x-request-id', 'traceparent', 'tracestate']) delete headers[name]
    const response = await agent.request({
      origin: upstream.origin,
      path,
      method,
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

async function retried(job: Job, ask: (job: Job) => Promise<Dispatcher.ResponseData>): Promise<Dispatcher.ResponseData> {
  const mayRepeat = hasDefect('retries-posts') || job.method !== 'POST' || job.headers['idempotency-key'] !== undefined
  for (let tried = 1; ; tried++) {
    try {
      return await ask(job)
    } catch (error) {
      if (!mayRepeat || isRefusal(error) || tried === attempts || job.left.aborted) throw error
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

const breakers = new Map<string, CircuitBreaker<[Job], Dispatcher.ResponseData>>()

function breakerOf(name: string): CircuitBreaker<[Job], Dispatcher.ResponseData> {
  const key = hasDefect('one-breaker-for-all') ? 'all' : name
  const known = breakers.get(key)
  if (known) return known
  const breaker = new CircuitBreaker(is('retry-inside') ? (job: Job) => retried(job, attempt) : attempt, {
    timeout: false,
    // No threshold does for that: in opossum's window more calls can have failed than were begun.
    enabled: !hasDefect('no-breaker'),
    errorThresholdPercentage: 50,
    volumeThreshold: 10,
    rollingCountTimeout: is('slow-window') ? 10_000 : 2000,
    resetTimeout: 5000,
    // A client that leaves says nothing of the upstream.
    errorFilter: (error: Error) => error.name === 'AbortError',
  })
  breakers.set(key, breaker)
  return breaker
}

/** @throws UpstreamFailure with the last answer, when all were failures */
export function call(name: string, job: Job): Promise<Dispatcher.ResponseData> {
  const ask = (each: Job): Promise<Dispatcher.ResponseData> => breakerOf(name).fire(each)
  return is('retry-inside') ? ask(job) : retried(job, ask)
}

/** Asks without the breaker, and keeps nothing of it. */
export async function checkHealth(upstream: URL): Promise<void> {
  const answer = await agent.request({ origin: upstream.origin, path: '/health', method: 'GET', signal: AbortSignal.timeout(timeoutMs) })
  await answer.body.dump()
}
