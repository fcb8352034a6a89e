// `/metrics`: bytes by proxy and direction as Prometheus text, under the original's names. Unlike there, open connections count too.
import { gzipSync } from 'node:zlib'
import type { ProxyCollection } from './proxy/collection.ts'
import type { Connection } from './proxy/connection.ts'
import type { ProxyHooks } from './proxy/hooks.ts'
import type { Answer, Route } from './api/routes.ts'

const COUNTERS = [
  {
    name: 'toxiproxy_proxy_received_bytes_total',
    help: 'The total number of bytes received on a given proxy link in a given direction',
    of: 'received',
  },
  {
    name: 'toxiproxy_proxy_sent_bytes_total',
    help: 'The total number of bytes sent on a given proxy link in a given direction',
    of: 'sent',
  },
] as const

export class Metrics implements ProxyHooks {
  /** Bytes of connections that have ended, by label text. A series outlives its proxy. */
  readonly #ended = new Map<string, { received: number; sent: number }>()

  closed(connection: Connection): void {
    count(connection, this.#ended)
  }

  routes(proxies: ProxyCollection): Route[] {
    return [{ path: '/metrics', methods: { GET: (call) => compressed(this.#text(proxies), call.header('accept-encoding')) } }]
  }

  #text(proxies: ProxyCollection): string {
    const series = new Map([...this.#ended].map(([labels, bytes]) => [labels, { ...bytes }]))
    for (const proxy of proxies.all()) for (const connection of proxy.connections) count(connection, series)
    const lines = COUNTERS.flatMap(({ name, help, of }) => {
      if (series.size === 0) return []
      const samples = [...series].map(([labels, bytes]) => `${name}{${labels}} ${bytes[of]}`)
      return [[`# HELP ${name} ${help}`, `# TYPE ${name} counter`], samples.toSorted()].flat()
    })
    return lines.map((line) => `${line}\n`).join('')
  }
}

function count(connection: Connection, series: Map<string, { received: number; sent: number }>): void {
  const { proxy, listener, upstream } = connection.setting.path
  for (const link of connection.links) {
    const labels = Object.entries({ direction: link.stream, listener, proxy, upstream })
    const key = labels.map(([name, value]) => `${name}=${quote(value)}`).join(',')
    const before = series.get(key) ?? { received: 0, sent: 0 }
    series.set(key, { received: before.received + link.received, sent: before.sent + link.sent })
  }
}

function quote(value: string): string {
  return `"${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`
}

function compressed(text: string, accepted: string): Answer {
  const type = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores'
  if (!/\bgzip\b/.test(accepted)) return { status: 200, body: text, type }
  return { status: 200, body: gzipSync(text), type, headers: { 'Content-Encoding': 'gzip' } }
}
