// Open-loop load: each request is sent when the plan says, whatever became of earlier requests.
//
//   arrivals ──due──▶ sent ──▶ in flight ──answered, broken───────────▶ outcome ──▶ one request event
//                                       └──timeout from due, or halt──▶
//
// Nothing is dropped. An arrival that cannot be sent in time is sent late, and its lateness is recorded.
import type { Cancel, Clock, Ms } from '../../../kernel/clock.ts'
import type { LoadEvent, RequestEvent } from '../../../evidence/events.ts'
import { type Arrival, arrivals } from '../../../plan/arrivals.ts'
import type { Plan } from '../../../plan/plan.ts'
import { type Ending, classify } from './classify.ts'
import { composer } from './compose.ts'
import type { LookFor } from './look-for.ts'
import { Tally } from './tally.ts'
import type { GiveUp, Wire } from './wire.ts'

export type LoadPlan = Pick<Plan, 'load' | 'phases' | 'seed'>

export interface LoadParts {
  clock: Clock
  wire: Wire
  write: (event: RequestEvent | LoadEvent) => void
  /** Looks at answers for what criteria ask of them. Default: it looks for nothing. */
  lookFor?: LookFor
}

export interface Load {
  /** Resolves when every request that was sent has ended, and no more will be. */
  readonly done: Promise<void>
  /** Sends no more; gives up what is in flight after `grace`. */
  halt(grace: Ms): void
}

interface Flight {
  arrival: Arrival
  id: string
  due: Ms
  sent: Ms
  giveUp: GiveUp
}

const SECOND: Ms = 1000
// Requests are sent in batches, and answers are read between batches. After a stall of the generator, one big batch would open a
// connection for each request although answers that free connections are already here.
const BATCH = 256

/** Plays the plan's arrivals from `origin` (monotonic) on. Request ids start with `run`. */
export function startLoad(plan: LoadPlan, run: string, origin: Ms, { clock, wire, write, lookFor }: LoadParts): Load {
  const { timeoutMs } = plan.load
  const compose = composer(plan.load, run)
  const upcoming = arrivals(plan)
  const tally = new Tally()
  // Ordered by due time, since a Set keeps the order of entry. All have the same timeout, so the first is the next to time out.
  const inFlight = new Set<Flight>()
  const done = Promise.withResolvers<void>()
  let next: Arrival | undefined = upcoming.next().value ?? undefined
  let waiting: Arrival[] = []
  let cancelWake: Cancel = () => {}
  let cancelSecond: Cancel = () => {}
  let second = 0
  let finished = false

  const pace = (): void => {
    const now = clock.now()
    collectDue(now)
    for (const arrival of waiting.splice(0, BATCH)) send(arrival)
    for (const flight of inFlight) {
      if (flight.due + timeoutMs > now) break
      flight.giveUp('client_timeout')
    }
    wakeForNext()
  }

  const collectDue = (now: Ms): void => {
    while (next && origin + next.dueMs <= now) {
      tally.due++
      waiting.push(next)
      next = upcoming.next().value ?? undefined
    }
  }

  const wakeForNext = (): void => {
    cancelWake()
    const [oldest] = inFlight
    const at = Math.min(
      waiting.length > 0 ? clock.now() : Infinity,
      next ? origin + next.dueMs : Infinity,
      oldest ? oldest.due + timeoutMs : Infinity,
    )
    if (at === Infinity) finish()
    else cancelWake = clock.after(at - clock.now(), pace)
  }

  const send = (arrival: Arrival): void => {
    const { id, ...request } = compose(arrival)
    const flight: Flight = { arrival, id, due: origin + arrival.dueMs, sent: clock.now(), giveUp: () => {} }
    tally.sent++
    inFlight.add(flight)
    flight.giveUp = wire.send(request, (ending) => {
      end(flight, ending)
      if (!next && inFlight.size === 0) finish()
    })
  }

  const end = (flight: Flight, ending: Ending): void => {
    inFlight.delete(flight)
    const { id, due, sent, arrival } = flight
    const { index, route, identity } = arrival
    const t = clock.now()
    const classified = classify(ending, route.expectedStatuses)
    tally.end(classified.outcome, t - due)
    const who = identity && { identity: identity.name }
    const found = ending.is === 'answered' && lookFor?.(route, ending.headers, ending.json ?? (() => 'untold'))
    write({
      type: 'request',
      t,
      id,
      index,
      due,
      sent,
      route: route.route,
      ...who,
      method: route.method,
      ...classified,
      ...ending.answer,
      ...found,
    })
  }

  const everySecond = (): void => {
    second++
    report()
    cancelSecond = clock.after(origin + (second + 1) * SECOND - clock.now(), everySecond)
  }

  const report = (): void => {
    const t = clock.now()
    collectDue(t)
    write({ type: 'load', t, ...tally.counts(), last: tally.takeLast() })
  }

  const finish = (): void => {
    if (finished || waiting.length > 0) return
    finished = true
    cancelWake()
    cancelSecond()
    report()
    done.resolve()
  }

  cancelSecond = clock.after(origin + SECOND - clock.now(), everySecond)
  wakeForNext()
  return {
    done: done.promise,
    halt(grace) {
      next = undefined
      waiting = []
      if (inFlight.size === 0) return finish()
      clock.after(grace, () => {
        for (const flight of inFlight) flight.giveUp('halted')
        finish()
      })
    },
  }
}
