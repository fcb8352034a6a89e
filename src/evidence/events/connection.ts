// A connection at the proxy's front. One that does not speak HTTP/1.1 is opaque: requests on it cannot be counted.
import { defineTallied, exactly, oneOf, optional, text, whole } from './event.ts'

export interface FrontCounts {
  upstream: string
  /** Connections of the gateway's; those of canary requests are the harness's own. */
  opened: number
  /** Connections on which requests could not be read. */
  opaque: number
}

export const connection = defineTallied({
  fields: {
    upstream: text,
    /** Ordinal at its proxy, from 0. */
    connection: whole,
    edge: oneOf(['opened', 'closed']),
    /** Told at its end: something else than HTTP/1.x passed, so that requests may have gone unseen. */
    opaque: optional(exactly(true)),
    /** Told at its end: nothing but canary requests passed. */
    canary: optional(exactly(true)),
  },
  /** By name of the upstream; empty where no front stands before the proxy. */
  evidence: 'front',
  tally() {
    const counts = new Map<string, FrontCounts>()
    return {
      add({ upstream, edge, opaque, canary }) {
        let of = counts.get(upstream)
        if (!of) counts.set(upstream, (of = { upstream, opened: 0, opaque: 0 }))
        if (edge === 'opened') of.opened++
        else if (canary) of.opened--
        else if (opaque) of.opaque++
      },
      result: () => [...counts.values()].toSorted((a, b) => (a.upstream < b.upstream ? -1 : 1)),
    }
  },
})
