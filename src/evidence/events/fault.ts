// A fault's life: asked for, acknowledged, seen to act by a canary request of the stage, and the same for its end.
import type { Ms } from '../../kernel/clock.ts'
import { defineTallied, oneOf, optional, text } from './event.ts'

/** When it happened, not when it was planned. Null: not seen. */
export interface FaultTimes {
  id: string
  requestedMs: Ms | null
  acknowledgedMs: Ms | null
  /** First proof that it acted: a request that it was applied to, or what a canary request felt. */
  bitMs: Ms | null
  clearRequestedMs: Ms | null
  clearedMs: Ms | null
  /** How many arrivals it was applied to; always 0 for network faults, which the upstream cannot see. */
  hits: number
  /** Why it could not be set or cleared. */
  failed: string | null
}

const edges = {
  requested: 'requestedMs',
  acknowledged: 'acknowledgedMs',
  bite: 'bitMs',
  clear_requested: 'clearRequestedMs',
  cleared: 'clearedMs',
} as const

export const fault = defineTallied({
  fields: {
    fault: text,
    edge: oneOf(['requested', 'acknowledged', 'bite', 'clear_requested', 'cleared', 'failed']),
    /** What was seen, or why it failed. */
    detail: optional(text),
  },
  /** In the plan's order. */
  evidence: 'faults',
  tally({ plan }) {
    const faults = plan.faults.map(({ id }): FaultTimes => ({
      id,
      requestedMs: null,
      acknowledgedMs: null,
      bitMs: null,
      clearRequestedMs: null,
      clearedMs: null,
      hits: 0,
      failed: null,
    }))
    const byId = new Map(faults.map((each) => [each.id, each]))
    return {
      add(event, atMs) {
        const times = byId.get(event.fault)
        if (!times) return
        if (event.edge === 'failed') times.failed ??= event.detail ?? 'failed'
        else times[edges[event.edge]] = earlier(times[edges[event.edge]], atMs)
      },
      result: () => faults,
    }
  },
})

/** A request fault bites when it is first applied to an arrival. */
export class FaultHits {
  readonly #hits = new Map<string, { count: number; firstMs: Ms }>()

  /** The faults that were applied to an arrival. */
  count(faults: readonly string[], atMs: Ms): void {
    for (const id of faults) {
      const counted = this.#hits.get(id)
      if (!counted) this.#hits.set(id, { count: 1, firstMs: atMs })
      else {
        counted.count++
        counted.firstMs = Math.min(counted.firstMs, atMs)
      }
    }
  }

  complete(faults: readonly FaultTimes[]): void {
    for (const times of faults) {
      const hits = this.#hits.get(times.id)
      if (!hits) continue
      times.hits = hits.count
      times.bitMs = earlier(times.bitMs, hits.firstMs)
    }
  }
}

const earlier = (known: Ms | null, atMs: Ms): Ms => (known === null ? atMs : Math.min(known, atMs))
