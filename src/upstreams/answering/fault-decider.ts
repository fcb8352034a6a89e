// Which faults hit a request. The decision depends on its ordinal and the seed alone: one seed gives one run, whatever the timing.
//
//   request ──▶ ordinal, attempt ──▶ each active fault: does it hit? ──▶ Decision
import type { Ms } from '../../kernel/clock.ts'
import { draws, inRows, drawsBy } from '../../kernel/random.ts'
import type { Upstream } from '../define.ts'
import type { ActiveFault } from '../../faults/active-fault.ts'
import type { CustomFaults } from '../../faults/custom-fault.ts'
import type { Hits } from '../../faults/hits.ts'
import { marksIn, probeMark } from '../../faults/probe-mark.ts'
import { requestFaultOf } from '../../faults/requests.ts'
import { drawLatency, type LatencyDraw, logNormal, normalOf } from '../../faults/latency.ts'
import { recentCounts } from './recent-counts.ts'
import { type AnswerPlan, healthyPlan } from '../../faults/answer-plan.ts'

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

/** What a decision depends on. */
export interface RequestFacts {
  /** Undefined when no route matches. A fault for certain routes does not hit such a request. */
  route: string | undefined
  method: string
  /** The `x-request-id`; empty when there is none. */
  request: string
  /** How often the id has arrived, this time included; counted here where nobody says. */
  attempt?: number | undefined
  /** It and the id carry the marks of probes. */
  query?: string
}

export interface Decider {
  decide(facts: RequestFacts): Decision
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

// Of requests that no fault hits: most, so that they share them.
const healthy = Object.freeze(healthyPlan())
const none: string[] = []

/** `custom` holds the users' own faults that may be set. */
export function decider(upstream: Upstream, seed: number, custom: CustomFaults = new Map()): Decider {
  const active = new Map<string, SetFault>()
  const attempts = recentCounts(IDS_REMEMBERED)
  const healthyMs = healthyLatencies(upstream, seed)
  let arrived = 0

  const doesHit = (set: SetFault, facts: RequestFacts, { ordinal, attempt }: Decision): boolean => {
    if (!selects(set, facts)) return false
    set.seen++
    return hits(set.hits, set.seen, attempt, () => set.hitDraw(ordinal))
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
    decide(facts) {
      const ordinal = arrived++
      const decision: Decision = {
        ordinal,
        attempt: facts.attempt ?? (facts.request === '' ? 0 : attempts.count(facts.request)),
        healthyMs: healthyMs(facts.route, ordinal),
        plan: healthy,
        faults: none,
        capacityOf: undefined,
        thrown: undefined,
      }
      if (active.size > 0) for (const set of active.values()) if (doesHit(set, facts, decision)) apply(set, decision)
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

/** How long answers take where no fault hits them: each by its route, undefined where none matches, and its ordinal. */
export function healthyLatencies({ name, routes, latency }: Upstream, seed: number): (route: string | undefined, ordinal: number) => Ms {
  const drawOf: Record<LatencyDraw, (ordinal: number) => number> = {
    latency: draws(seed, `${name}/latency`),
    'latency angle': draws(seed, `${name}/latency angle`),
  }
  const normal = inRows((ordinal) => normalOf(drawOf.latency(ordinal), drawOf['latency angle'](ordinal)))
  const byRoute = new Map(Object.values(routes).map((route) => [route.name, route.latency ?? latency]))
  return (route, ordinal) => {
    const drawn = (route !== undefined && byRoute.get(route)) || latency
    // Most are of this kind.
    if (drawn.is === 'log_normal') return logNormal(drawn, normal(ordinal))
    return drawLatency(drawn, (purpose) => drawOf[purpose](ordinal))
  }
}

function selects({ hits: { routes, methods }, mark }: SetFault, { route, method, request, query = '' }: RequestFacts): boolean {
  if (mark !== undefined && !marksIn(query, request).includes(mark)) return false
  if (routes && (route === undefined || !routes.includes(route))) return false
  return !methods || methods.includes(method)
}

/** `seen`: how many requests the fault has selected since it was set, this one included. A request without an id counts as a first attempt. */
function hits(which: Hits, seen: number, attempt: number, draw: () => number): boolean {
  if (which.first !== undefined && seen > which.first) return false
  if (which.every !== undefined && seen % which.every !== 0) return false
  if (which.attempts !== undefined && attempt > which.attempts) return false
  return which.share === undefined || draw() < which.share
}
