// A gateway in this process between scripted upstreams and a client, all on loopback.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Agent, type Dispatcher, request as send } from 'undici'
import { checkConfig, type GatewayConfigInput } from '../../../src/gateway/config.ts'
import { type GatewayOptions, type RunningGateway, startGateway } from '../../../src/gateway/gateway.ts'
import { type Ms, realClock } from '../../../src/kernel/clock.ts'
import { listen } from '../../../src/kernel/server.ts'

/** One request as a scripted upstream received it. */
export interface Arrival {
  /** From 0. */
  ordinal: number
  at: Ms
  request: IncomingMessage
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: Buffer
  /** Settles with the time when the connection was lost before the answer was complete. */
  gone: Promise<Ms>
}

export interface ScriptedUpstream extends AsyncDisposable {
  url: string
  arrivals: Arrival[]
  /** Requests under way: those whose connection is open and whose answer is not complete. */
  readonly concurrent: number
  /** The highest `concurrent` seen. */
  readonly peak: number
  readonly openSockets: number
  /** Connections accepted so far. */
  readonly connections: number
  close(): Promise<void>
}

export type Script = (response: ServerResponse, arrival: Arrival) => void

/** Answers each request, once its body is read, as `script` says. */
export async function scriptedUpstream(script: Script): Promise<ScriptedUpstream> {
  const arrivals: Arrival[] = []
  let concurrent = 0
  let peak = 0
  let openSockets = 0
  let connections = 0
  const server = createServer((request, response) => {
    peak = Math.max(peak, ++concurrent)
    const gone = new Promise<Ms>((resolve) => {
      response.on('close', () => {
        concurrent--
        if (!response.writableFinished) resolve(realClock.now())
      })
    })
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method, url, headers } = request
      const body = Buffer.concat(chunks)
      const arrival = { ordinal: arrivals.length, at: realClock.now(), request, method: method!, url: url!, headers, body, gone }
      arrivals.push(arrival)
      script(response, arrival)
    })
  })
  server.on('connection', (socket) => {
    openSockets++
    connections++
    socket.on('close', () => openSockets--)
  })
  const listening = await listen(server)
  return {
    url: listening.url,
    arrivals,
    get concurrent() {
      return concurrent
    },
    get peak() {
      return peak
    },
    get openSockets() {
      return openSockets
    },
    get connections() {
      return connections
    },
    close: () => listening.close(),
    [Symbol.asyncDispose]: () => listening.close(),
  }
}

/** Answers with JSON. */
export function answer(response: ServerResponse, status = 200, body: unknown = { ok: true }, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  tookMs: Ms
}

export interface Rig extends AsyncDisposable {
  gateway: RunningGateway
  ask(path: string, options?: AskOptions): Promise<Answer>
}

export interface AskOptions {
  method?: Dispatcher.HttpMethod
  headers?: Record<string, string>
  body?: string | Buffer
  signal?: AbortSignal
}

export interface RigOptions extends Omit<GatewayOptions, 'config'> {
  config?: GatewayConfigInput
}

/** Starts a gateway for `upstreams` (base URLs by name) and a client with connections of its own. */
export async function rig(upstreams: Record<string, string>, { config = {}, ...options }: RigOptions = {}): Promise<Rig> {
  const gateway = await startGateway({ config: checkConfig('test', { seed: 1, ...config }, upstreams), ...options })
  const agent = new Agent({ connections: 600 })
  const ask = async (path: string, { method = 'GET', ...rest }: AskOptions = {}): Promise<Answer> => {
    const began = realClock.now()
    const { statusCode, headers, body } = await send(gateway.url + path, { dispatcher: agent, method, ...rest })
    const text = await body.text()
    return { status: statusCode, headers, text, tookMs: realClock.now() - began }
  }
  const dispose = async (): Promise<void> => {
    await agent.destroy()
    await gateway.stop()
  }
  return { gateway, ask, [Symbol.asyncDispose]: dispose }
}

/** Waits until `condition` holds. @throws Error naming `what` when it does not within `withinMs` */
export async function eventually(what: string, condition: () => boolean, withinMs: Ms = 5000): Promise<void> {
  const end = realClock.now() + withinMs
  while (!condition()) {
    if (realClock.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`)
    await realClock.sleep(5)
  }
}
