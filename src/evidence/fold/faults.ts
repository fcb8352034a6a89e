// When each fault was asked for, took hold, bit, and was gone: as it happened, not as it was planned.
import type { Ms } from '../../kernel/clock.ts'
import type { Plan } from '../../plan/plan.ts'
import type { ArrivalEvent, FaultEvent } from '../events.ts'

/** Null: not seen. */
export interface FaultTimes {
  id: string
  requestedMs: Ms | null
  acknowledgedMs: Ms | null
  /** First proof that it acted: a request that it was applied to, or what the stage's probe saw. */
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
} as const satisfies Partial<Record<FaultEvent['edge'], keyof FaultTimes>>

export function tallyFaults(plan: Pick<Plan, 'faults'>): {
  fault(event: FaultEvent, atMs: Ms): void
  arrival(event: ArrivalEvent, atMs: Ms): void
  result(): FaultTimes[]
} {
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
  const byId = new Map(faults.map((fault) => [fault.id, fault]))
  return {
    fault(event, atMs) {
      const fault = byId.get(event.fault)
      if (!fault) return
      if (event.edge === 'failed') fault.failed ??= event.detail ?? 'failed'
      else fault[edges[event.edge]] = earlier(fault[edges[event.edge]], atMs)
    },
    arrival(event, atMs) {
      for (const id of event.faults ?? []) {
        const fault = byId.get(id)
        if (!fault) continue
        fault.hits++
        fault.bitMs = earlier(fault.bitMs, atMs)
      }
    },
    result: () => faults,
  }
}

const earlier = (known: Ms | null, atMs: Ms): Ms => (known === null ? atMs : Math.min(known, atMs))
