// Which faults hit a request. The decision depends on its ordinal and the seed alone: one seed gives one run, whatever the timing.
//
//   request ──▶ ordinal, attempt ──▶ each active fault: does it hit? ──▶ Decision
import type { Ms } from '../../kernel/clock.ts'
import { draws, inRows, drawsBy } from '../../kernel/random.ts'
import type { Upstream } from '../define.ts'
import type { ActiveFault } from '../../faults/active-fault.ts'
import type { CustomFaults } from '../../faults/custom-fault.ts'
import { isMarked, probeMark } from '../../faults/probe-mark.ts'
import { requestFaultOf } from '../../faults/requests.ts'
import { drawLatency, type Latency, type LatencyDraw, logNormal, normalOf } from '../../faults/latency.ts'
import type { Asked } from './asked.ts'
import { recentCounts } from './recent-counts.ts'
import { type AnswerPlan, HEALTHY, healthyPlan } from '../../faults/answer-plan.ts'

export interface Decision {
  /** From 0, in order of arrival. */
  ordinal: number
  /** How often this request id has arrived, from 1; 0 without an id. */
  attempt: number
  healthyMs: Ms
  plan: AnswerPlan
  /** Ids of the faults that hit, in the order in which they were set. */
  faults: string[]
  /** The fault that says how much the service can do, where one does. */
  capacityOf: string | undefined
  /** What a fault of the user's own has thrown; it counts as a 500 then. */
  thrown: unknown
}

/** What all requests of one question tell a fault. The query carries the marks of probes, as an id does. */
export type AskedOfFaults = Pick<Asked, 'route' | 'method' | 'query'>

export interface Decider {
  /**
   * A request without an id has an empty one. `attempt`: how often the id has arrived, this time included; counted here where nobody
   * says. A fault for certain routes hits no request that none matches.
   */
  decide(asked: AskedOfFaults, request: string, attempt?: number): Decision
  /** Sets a fault, or replaces the fault of the same id. Its `first` and `every` count from now. */
  set(fault: ActiveFault): void
  /** Returns false when there is no such fault. */
  clear(id: string): boolean
  clearAll(): void
  faults(): ActiveFault[]
}

interface SetFault extends ActiveFault {
  /** Requests that its routes and methods have selected since it was set. */
  seen: number
  /** Of the probe that it is for. */
  mark: string | undefined
  hitDraw: (ordinal: number) => number
  draw: (purpose: string, ordinal: number) => number
}

const IDS_REMEMBERED = 100_000

// Of requests that no fault hits: most, so that they share it.
const none: string[] = []

/** `custom` holds the users' own faults that may be set. */
export function decider(upstream: Upstream, seed: number, custom: CustomFaults = new Map()): Decider {
  const active = new Map<string, SetFault>()
  const attempts = recentCounts(IDS_REMEMBERED)
  const healthyMs = healthyLatencies(upstream.name, seed)
  let arrived = 0

  const doesHit = (set: SetFault, asked: AskedOfFaults, request: string, { ordinal, attempt }: Decision): boolean => {
    if (!selects(set, asked, request)) return false
    set.seen++
    return hits(set, ordinal, attempt)
  }
  const apply = ({ id, fault, draw }: SetFault, decision: Decision): void => {
    if (decision.faults === none) {
      decision.plan = healthyPlan()
      decision.faults = []
    }
    const { ordinal, plan, faults } = decision
    faults.push(id)
    const before = plan.capacity
    try {
      requestFaultOf(fault).apply(fault, plan, (purpose) => draw(purpose, ordinal), custom)
    } catch (cause) {
      decision.thrown = cause ?? 'nothing'
      plan.status = { code: 500, headers: {} }
    }
    if (plan.capacity !== before) decision.capacityOf = id
  }

  return {
    decide(asked, request, attempt = request === '' ? 0 : attempts.count(request)) {
      const ordinal = arrived++
      const decision: Decision = {
        ordinal,
        attempt,
        healthyMs: healthyMs(asked.route?.latency ?? upstream.latency, ordinal),
        plan: HEALTHY,
        faults: none,
        capacityOf: undefined,
        thrown: undefined,
      }
      if (active.size > 0) for (const set of active.values()) if (doesHit(set, asked, request, decision)) apply(set, decision)
      return decision
    },
    set(fault) {
      // A replaced fault moves to the end of the order.
      active.delete(fault.id)
      const { id, hits: which } = fault
      const mark = which.probe === undefined ? undefined : probeMark(seed, which.probe)
      active.set(id, { ...fault, seen: 0, mark, hitDraw: draws(seed, id), draw: drawsBy(seed, id) })
    },
    clear: (id) => active.delete(id),
    clearAll: () => active.clear(),
    faults: () => [...active.values()].map(({ id, fault, hits: which }) => ({ id, fault, hits: which })),
  }
}

/** How long answers of an upstream take where no fault hits them: each by the latency of its route, and its ordinal. */
export function healthyLatencies(upstream: string, seed: number): (latency: Latency, ordinal: number) => Ms {
  const drawOf: Record<LatencyDraw, (ordinal: number) => number> = {
    latency: draws(seed, `${upstream}/latency`),
    'latency angle': draws(seed, `${upstream}/latency angle`),
  }
  const normal = inRows((ordinal) => normalOf(drawOf.latency(ordinal), drawOf['latency angle'](ordinal)))
  const drawn = (latency: Latency, ordinal: number): Ms => drawLatency(latency, (purpose) => drawOf[purpose](ordinal))
  // Most are of this kind.
  return (latency, ordinal) => (latency.is === 'log_normal' ? logNormal(latency, normal(ordinal)) : drawn(latency, ordinal))
}

function selects({ hits: { routes, methods }, mark }: SetFault, { route, method, query }: AskedOfFaults, request: string): boolean {
  if (mark !== undefined && !isMarked(mark, query, request)) return false
  if (routes && (route === undefined || !routes.includes(route.name))) return false
  return !methods || methods.includes(method)
}

/** Of a request that it has selected. One without an id counts as a first attempt. */
function hits({ hits: which, seen, hitDraw }: SetFault, ordinal: number, attempt: number): boolean {
  if (which.first !== undefined && seen > which.first) return false
  if (which.every !== undefined && seen % which.every !== 0) return false
  if (which.attempts !== undefined && attempt > which.attempts) return false
  return which.share === undefined || hitDraw(ordinal) < which.share
}
