// A trace: one client request with all that was seen of it.
//
//   due ─▶ sent ─▶ [attempt: arrived ─▶ departed] [attempt …] ─▶ ended: outcome
//
// The load tells due, sent and ended; each fake tells the arrival and departure of an attempt; where a front stands before the proxy,
// it tells the attempts that never came as far. What joins them is the request id;
// a gateway that hides it leaves time, route and body, which tell for sure only while one such request is under way.
import type { ArrivalEvent, AttemptEvent, DepartureEvent, RequestEvent } from './events.ts'
import { isBodyOf } from './got-bodies.ts'

export interface Attempt {
  arrival: ArrivalEvent
  /** `id`: it carries the client's. `time`: no other request of its kind was under way when it arrived. */
  joinedBy: 'id' | 'time'
  /** Undefined while it is under way. */
  departure: DepartureEvent | undefined
}

export interface Trace {
  /** Ordinal in the plan. */
  index: number
  /** Places in the plan: of its route in the mix, and of the phase in which it was due. 0 without `request`. */
  route: number
  phase: number
  /** Undefined where the load never told of its end. */
  request: RequestEvent | undefined
  attempts: readonly Attempt[]
  /** Heads that passed the proxy's front; empty where there is none. */
  heads: readonly AttemptEvent[]
}

/** Whether the harness gave the request up because the run was stopped: what would have become of it is unknown. */
export const wasHalted = ({ error, outcome }: RequestEvent): boolean => outcome === 'client_timeout' && error === 'halted'

/**
 * What an answer stands on.
 * `good`: an attempt of this very request that its upstream answered whole and well, before the client's answer ended.
 * `shared`: no attempt of its own, and the very body that another client's attempt was answered with meanwhile.
 * `spoiled`: only an answer that the fake spoiled. `nothing`: neither. `own`: the route reaches no upstream.
 */
export type Standing = 'good' | 'shared' | 'spoiled' | 'nothing' | 'own'

export interface Footing {
  readonly standing: Standing
  /** Whether the client's body is the one that the fake sent; undefined where nobody can tell. */
  readonly sameBody: boolean | undefined
}

const footings = (standing: Standing): { same: Footing; other: Footing; untold: Footing } => ({
  same: { standing, sameBody: true },
  other: { standing, sameBody: false },
  untold: { standing, sameBody: undefined },
})

// Made once: every request has one.
const onGood = footings('good')
const onSpoiled = footings('spoiled')
const onNothing = footings('nothing').untold
const onItsOwn = footings('own').untold

/** How long a departure may be told after the client's answer ended and still have been before it: the fake hears of it last. */
export const DEPARTURE_SLACK_MS = 250

/** What the trace's answer stands on; `isGood` says which statuses of an upstream are good ones. */
export function footingOf(trace: Trace, reachesNone: boolean, isGood: (status: number) => boolean): Footing {
  const { request, attempts } = trace
  if (reachesNone || request === undefined) return onItsOwn
  let footing = onNothing
  for (const { departure } of attempts) {
    if (departure === undefined || departure.status === 0 || !isGood(departure.status)) continue
    const sameBody = bodiesAgree(request, departure)
    // What the gateway gave up made no answer, unless the answer is what had come of it until then.
    if (departure.clientGone && (departure.whole || sameBody !== true)) continue
    // One that ended later than the client's answer did not make it, unless the answer is its very body.
    if (departure.t > request.t + DEPARTURE_SLACK_MS && sameBody !== true) continue
    if (departure.whole) {
      if (footing.standing !== 'good' || sameBody === true) footing = withBody(onGood, sameBody)
    } else if (footing.standing === 'nothing') footing = withBody(onSpoiled, sameBody)
  }
  return footing
}

const withBody = ({ same, other, untold }: ReturnType<typeof footings>, sameBody: boolean | undefined): Footing =>
  sameBody === undefined ? untold : sameBody ? same : other

/** By length and checksum, of a body that both sides have seen; undefined where one of them has not. */
export function bodiesAgree(request: RequestEvent, departure: DepartureEvent): boolean | undefined {
  if (request.checksum === undefined || departure.checksum === undefined) return undefined
  return isBodyOf(request, departure)
}
