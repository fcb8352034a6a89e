// Requests counted by phase, route and outcome.
import type { Plan } from '../../plan/plan.ts'
import type { RequestEvent } from '../events.ts'
import { type Latencies, emptyLatencies, record } from '../latency-histogram.ts'
import { type Outcome, outcomeNames } from '../../contract/outcome.ts'
import { cells } from './grouped-counters.ts'

export interface RequestCell {
  /** The phase in which the requests were due. */
  phase: string
  route: string
  /** The upstreams that the gateway asks to answer the route. */
  reaches: readonly string[]
  outcome: Outcome
  count: number
  /** From due to the end: what a client would feel. */
  latency: Latencies
  /** From sent to the end: the same without the generator's lateness. */
  service: Latencies
  /** How many carried which error, by `x-gateway-error` or the client's own code. */
  errors: Record<string, number>
}

// An error text with an id or a port in it would make every request a class of its own.
const MOST_ERRORS = 50

export function tallyRequests({ load }: Pick<Plan, 'load'>): { add(event: RequestEvent, phase: string): void; result(): RequestCell[] } {
  const table = cells<RequestCell>()
  const reached = new Map(load.mix.map(({ route, reaches }) => [route, reaches.map(({ upstream }) => upstream)]))
  return {
    add(event, phase) {
      const cell = table.at([phase, event.route, outcomeNames.indexOf(event.outcome)], () => ({
        phase,
        route: event.route,
        reaches: reached.get(event.route) ?? [],
        outcome: event.outcome,
        count: 0,
        latency: emptyLatencies(),
        service: emptyLatencies(),
        errors: {},
      }))
      cell.count++
      record(cell.latency, event.t - event.due)
      record(cell.service, event.t - event.sent)
      if (event.error !== undefined) countError(cell.errors, event.error)
    },
    result: () => table.sorted(),
  }
}

function countError(errors: Record<string, number>, error: string): void {
  const known = Object.hasOwn(errors, error) || Object.keys(errors).length < MOST_ERRORS
  const name = known ? error : 'other'
  errors[name] = (errors[name] ?? 0) + 1
}
