// A gateway as many write it: Express in front, opossum and a retry loop towards the upstreams. Its breaker trips by failure rate, it marks
// no refusal and tells no events. DEFECT names what is wrong with it, and VARIANT what it does otherwise and is healthy with.
import cluster from 'node:cluster'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGzip } from 'node:zlib'
import express from 'express'
import type { Dispatcher } from 'undici'
import { hasDefect } from './defect.ts'
import { type Shared, shared } from './single-flight.ts'
import { UpstreamFailure, call, checkHealth, isRefusal } from './upstream-call.ts'
import { is } from './variant.ts'

const upstreams = new Map(
  Object.entries(process.env)
    .filter(([name]) => name.startsWith('UPSTREAM_'))
    .map(([name, url]) => [name.slice('UPSTREAM_'.length).toLowerCase(), new URL(url!)]),
)

const closing = is('closes-connections') ? { connection: 'close' } : {}

if (is('two-workers') && cluster.isPrimary) startWorkers()
else serve()

function startWorkers(): void {
  const workers = [cluster.fork(), cluster.fork()]
  process.once('SIGTERM', () => {
    for (const worker of workers) worker.kill()
  })
}

function serve(): void {
  const app = express()
  app.disable('x-powered-by')
  app.get('/healthz', (_request, response) => void response.send('ok'))
  // Express knows the parameter by the path, and its types do not.
  app.all('/:upstream/*path', (request, response) => forward(request as never, response))
  const server = app.listen(Number(process.env['PORT']), '127.0.0.1')
  const checks = is('health-checks')
    ? setInterval(() => {
        for (const upstream of upstreams.values()) checkHealth(upstream).catch(() => {})
      }, 500)
    : undefined
  process.once('SIGTERM', () => {
    clearInterval(checks)
    server.close()
    server.closeAllConnections()
    // The channel to the primary would keep a worker.
    cluster.worker?.disconnect()
  })
}

async function forward(request: IncomingMessage & { params: { upstream: string } }, response: ServerResponse): Promise<void> {
  const name = request.params.upstream
  const upstream = upstreams.get(name)
  if (!upstream) return refuse(response, 404, 'unknown upstream')
  const left = new AbortController()
  response.once('close', () => left.abort())
  const body = Buffer.concat(await request.toArray())
  const { method = 'GET', headers } = request
  const job = { upstream, path: request.url!.slice(name.length + 1), method, headers, body, left: left.signal }
  try {
    await pass(await (is('single-flight') && method === 'GET' ? shared(name, job) : call(name, job)), response)
  } catch (error) {
    if (error instanceof UpstreamFailure) return pass(error.response, response)
    if (response.headersSent) return void response.destroy()
    refuse(response, isRefusal(error) ? 503 : 502, isRefusal(error) ? 'temporarily unavailable' : 'bad gateway')
  }
}

async function pass(answer: Dispatcher.ResponseData | Shared, response: ServerResponse): Promise<void> {
  const { connection: _connection, 'keep-alive': _keepAlive, 'transfer-encoding': _coding, ...headers } = answer.headers
  const isDisguised = hasDefect('errors-as-200') && answer.statusCode >= 500
  const body = answer.body instanceof Buffer ? Readable.from([answer.body]) : answer.body
  const isCompressed = is('gzip') && headers['content-encoding'] === undefined && answer.statusCode !== 204
  if (isCompressed) {
    delete headers['content-length']
    headers['content-encoding'] = 'gzip'
    headers['vary'] = 'accept-encoding'
  }
  response.writeHead(isDisguised ? 200 : answer.statusCode, { ...headers, ...closing })
  response.flushHeaders()
  // Each piece goes at once, or a stream would wait for the next. An answer that breaks off upstream breaks off here.
  const sent = isCompressed ? pipeline(body, createGzip({ flush: constants.Z_SYNC_FLUSH }), response) : pipeline(body, response)
  await sent.catch(() => response.destroy())
}

function refuse(response: ServerResponse, status: number, message: string): void {
  const isDisguised = hasDefect('errors-as-200')
  response.writeHead(isDisguised ? 200 : status, { 'content-type': 'application/json', ...closing }).end(JSON.stringify({ message }))
}
