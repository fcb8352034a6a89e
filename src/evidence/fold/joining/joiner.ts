// Joins what different roles tell of one request. In memory are only the requests under way, and those that ended a moment ago:
// lines of different roles come shuffled, so a trace is handed on when every role that tells of it has told of later times.
//
//   request ──┐
//   arrival ──┼─▶ trace ──(ended, and all roles are past it)──▶ onTrace
//   departure ┘
import type { Ms } from '../../../kernel/clock.ts'
import { GatecrashError } from '../../../kernel/errors.ts'
import type { ArrivalEvent, AttemptEvent, DepartureEvent, RequestEvent } from '../../events.ts'
import type { Plan } from '../../../plan/plan.ts'
import type { Attempt, Trace } from '../../trace.ts'
import { Candidates } from './candidates.ts'
import { OVER, SlidingList } from './sliding-list.ts'
import { WaitingLine } from './waiting-line.ts'

/** Beyond a request's end, for attempts that go on without their client. An attempt that is under way keeps its trace for as long. */
const LINGER: Ms = 1000

// Looking for traces that are over costs a comparison each time; once in so many lines is often enough.
const LINES_BETWEEN_LOOKS = 64

interface Joining extends Trace {
  attempts: Held<unknown>[]
  heads: AttemptEvent[]
  underWay: number
  /** It waits in the list of those that ended. */
  isQueued: boolean
}

interface Held<Mark> extends Attempt {
  /** Undefined where no id tells it, or the trace was handed on before. */
  joining: Joining | undefined
  mark: Mark
}

/** `Mark`: what the caller keeps with an arrival until it departs. */
export interface Joiner<Mark> {
  /** `route`, `phase`: places in the plan. */
  request: (event: RequestEvent, route: number, phase: number) => void
  /** `upstream`: its place. `index`: the ordinal of the client's request; −1 for one that is not known. */
  arrival: (event: ArrivalEvent, upstream: number, index: number, mark: Mark) => void
  departure: (event: DepartureEvent, upstream: number) => void
  head: (event: AttemptEvent, index: number) => void
  /** A role tells of this second: no earlier line of it will come. */
  heard: (role: 'load' | 'upstreams', t: Ms) => void
  /** Hands on what is left. */
  finish: () => void
}

export interface JoinerParts<Mark> {
  plan: Plan
  /** Monotonic time of load start. */
  origin: Ms
  onTrace: (trace: Trace) => void
  /** The end of an arrival, with the arrival. `joinedBy`: as in `Attempt`. */
  onDeparture: (departure: DepartureEvent, upstream: number, mark: Mark, joinedBy: Attempt['joinedBy']) => void
  /** An attempt at a request whose trace has been handed on already. */
  onLate: (arrival: ArrivalEvent, index: number) => void
}

// Every trace begins with these two, so nothing is added to them.
const none: AttemptEvent[] = []
const unasked: Held<unknown>[] = []

export function createJoiner<Mark>({ plan, origin, onTrace, onDeparture, onLate }: JoinerParts<Mark>): Joiner<Mark> {
  const traces = new SlidingList<Joining>()
  /** By place of the upstream, then by ordinal. */
  const underWay: SlidingList<Held<Mark>>[] = []
  // Nearly in order of their ends: the load tells of them as they end.
  const ended = new WaitingLine<Joining>()
  // Attempts without their client's id, until all requests are known that were under way when they arrived.
  let anonymous: Held<Mark>[] = []
  let candidates: Candidates | undefined
  let loadAt: Ms = Number.NEGATIVE_INFINITY
  let upstreamsAt: Ms = Number.NEGATIVE_INFINITY
  let lines = 0

  const open = (index: number): Joining => {
    const joining = { index, route: 0, phase: 0, request: undefined, attempts: unasked, heads: none, underWay: 0, isQueued: false }
    if (!traces.set(index, joining)) throw farOff('index', index)
    return joining
  }
  const close = (joining: Joining): void => {
    traces.end(joining.index)
    onTrace(joining)
  }
  const endOf = (index: number): Ms | undefined => {
    const joining = traces.get(index)
    return joining === OVER ? Number.NEGATIVE_INFINITY : joining?.request?.t
  }
  /** Joins what arrived up to `past` without an id, where that is certain. */
  const joinByTime = (past: Ms): void => {
    let count = 0
    while (count < anonymous.length && anonymous[count]!.arrival.t <= past) {
      const attempt = anonymous[count++]!
      candidates ??= new Candidates(plan, origin, endOf)
      const index = candidates.claim(attempt.arrival)
      const known = index < 0 ? OVER : traces.get(index)
      if (known === OVER) continue
      const joining = known ?? open(index)
      hold(joining, attempt)
      if (attempt.departure) continue
      attempt.joining = joining
      joining.underWay++
    }
    anonymous = anonymous.slice(count)
  }
  const look = (): void => {
    if (anonymous.length > 0) joinByTime(Math.min(loadAt, upstreamsAt))
    const past = Math.min(loadAt, upstreamsAt) - LINGER
    for (let joining = ended.first; joining && joining.request!.t <= past; joining = ended.first) {
      ended.leave()
      joining.isQueued = false
      // With an attempt under way, its departure closes it.
      if (joining.underWay === 0) close(joining)
    }
  }

  return {
    request(event, route, phase) {
      if (event.t > loadAt) loadAt = event.t
      const known = traces.get(event.index)
      if (known === OVER) return
      const joining = known ?? open(event.index)
      joining.request = event
      joining.route = route
      joining.phase = phase
      joining.isQueued = true
      ended.join(joining)
      if (++lines % LINES_BETWEEN_LOOKS === 0) look()
    },
    arrival(event, upstream, index, mark) {
      if (event.t > upstreamsAt) upstreamsAt = event.t
      let joining: Joining | undefined
      if (index >= 0) {
        const known = traces.get(index)
        if (known === OVER) onLate(event, index)
        else joining = known ?? open(index)
      }
      const joinedBy = index < 0 ? 'time' : 'id'
      const attempt: Held<Mark> = { arrival: event, joinedBy, departure: undefined, joining, mark }
      if (joining) {
        hold(joining, attempt)
        joining.underWay++
      } else if (index < 0) anonymous.push(attempt)
      while (underWay.length <= upstream) underWay.push(new SlidingList())
      const byOrdinal = underWay[upstream]!
      if (byOrdinal.get(event.ordinal) !== OVER && !byOrdinal.set(event.ordinal, attempt)) throw farOff('ordinal', event.ordinal)
    },
    // A fake's lines are in order: what departs has arrived.
    departure(event, upstream) {
      if (event.t > upstreamsAt) upstreamsAt = event.t
      const byOrdinal = underWay[upstream]
      const attempt = byOrdinal?.get(event.ordinal)
      if (attempt === undefined || attempt === OVER) return
      byOrdinal!.end(event.ordinal)
      attempt.departure = event
      onDeparture(event, upstream, attempt.mark, attempt.joinedBy)
      const { joining } = attempt
      if (!joining) return
      joining.underWay--
      if (joining.underWay === 0 && !joining.isQueued && joining.request) close(joining)
    },
    head(event, index) {
      if (index < 0) return
      const known = traces.get(index)
      if (known === OVER) return
      const joining = known ?? open(index)
      if (joining.heads === none) joining.heads = [event]
      else joining.heads.push(event)
    },
    heard(role, t) {
      if (role === 'load') loadAt = Math.max(loadAt, t)
      else upstreamsAt = Math.max(upstreamsAt, t)
      look()
    },
    finish() {
      joinByTime(Number.POSITIVE_INFINITY)
      for (const joining of traces.values()) onTrace(joining)
    },
  }
}

/** Most requests have one attempt, and a list that grows takes room for sixteen. */
function hold(joining: Joining, attempt: Held<unknown>): void {
  if (joining.attempts === unasked) joining.attempts = [attempt]
  else joining.attempts.push(attempt)
}

function farOff(what: string, value: number): GatecrashError {
  return new GatecrashError('invalid_bundle', `the journal jumps to ${what} ${value}, with none before it; restore the file, or run again`)
}
