// The reference gateway: fastify in front, undici behind, the policies of each upstream between.
//
//   client ──HTTP──▶ front ─▶ /{upstream}/* ─▶ Exchange ─▶ drive ◀─▶ serve: policies and fallback
//                                                         └─▶ Transfer ─▶ undici Pool ──HTTP──▶ upstream
import type { AddressInfo } from 'node:net'
import { GatecrashError, problemsError } from '../kernel/errors.ts'
import { type MetricsServer, serveMetrics } from './admin/metrics-server.ts'
import { createGateway, type GatewayMeans } from './create-gateway.ts'

export interface GatewayOptions extends GatewayMeans {
  /** Default: a free one. */
  port?: number
  /** Default: 127.0.0.1. */
  host?: string
}

export interface RunningGateway extends AsyncDisposable {
  readonly port: number
  readonly url: string
  /** The port of the metrics, where they have one of their own. */
  readonly metricsPort: number | undefined
  /** Timeouts that are set: none when nothing is under way. */
  readonly timeoutsWaiting: number
  /** Client requests between their head and the end of their answer. */
  readonly inFlight: number
  /** What request bodies take, in bytes. */
  readonly bodyBytes: number
  /** Refuses new requests, waits for those in flight up to `server.drain`, then ends them. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * Starts a gateway in this process.
 * @throws GatecrashError `port_taken` when the port is in use
 */
export async function startGateway({ port = 0, host = '127.0.0.1', ...means }: GatewayOptions): Promise<RunningGateway> {
  const { app, admission, upstreams, deadlines, ownMetrics, close } = await createGateway(means)
  const { adminToken, metricsPort } = means.config.server
  let metrics: MetricsServer | undefined
  try {
    await listen(port, host, () => app.listen({ port, host }))
    const own = { host, clock: admission.clock, upstreams, adminToken, ownMetrics }
    if (metricsPort !== undefined) metrics = await listen(metricsPort, host, () => serveMetrics({ ...own, port: metricsPort }))
  } catch (error) {
    await close()
    throw error
  }
  // A TCP listener has a port, not a path.
  const { port: bound } = app.server.address() as AddressInfo

  const closeAll = async (): Promise<void> => {
    await close()
    await metrics?.close()
  }
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => (stopped ??= closeAll())
  return {
    port: bound,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    metricsPort: metrics?.port,
    get timeoutsWaiting() {
      return deadlines.waiting
    },
    get inFlight() {
      return admission.inFlight
    },
    get bodyBytes() {
      return admission.bodies.bytes
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

async function listen<Listening>(port: number, host: string, begin: () => Promise<Listening>): Promise<Listening> {
  try {
    return await begin()
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new GatecrashError('port_taken', `port ${port} on ${host} is in use; choose another or stop its owner`, { cause })
    if (code === 'EACCES') throw new GatecrashError('cannot_listen', `port ${port} on ${host} is not allowed to this user`, { cause })
    if (!NO_SUCH_HOST.has(code)) throw cause
    throw problemsError('invalid_config', 'environment', [
      { path: 'HOST', message: `must be an address of this machine, got "${host}" (${code})` },
    ])
  }
}

const NO_SUCH_HOST = new Set(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME', 'EAFNOSUPPORT', 'EINVAL'])
