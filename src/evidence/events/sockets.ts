// Once a second from each fake upstream: its open connections.
import { defineTallied, text, whole } from './event.ts'

export interface SocketCounts {
  upstream: string
  last: number
  most: number
}

export const sockets = defineTallied({
  fields: { upstream: text, open: whole },
  /** By name of the upstream. */
  evidence: 'sockets',
  tally({ plan }) {
    const counts = new Map(
      Object.keys(plan.upstreams).map((upstream): [string, SocketCounts] => [upstream, { upstream, last: 0, most: 0 }]),
    )
    return {
      add({ upstream, open }) {
        counts.set(upstream, { upstream, last: open, most: Math.max(counts.get(upstream)?.most ?? 0, open) })
      },
      result: () => [...counts.values()].toSorted((a, b) => (a.upstream < b.upstream ? -1 : 1)),
    }
  },
})
