// Requests that asked one upstream once and got its good answer, each put together from the lines of all roles. Lines of different roles may
// come in any order.
import type { JournalEvent } from '../../evidence/events.ts'
import type { Ms } from '../../kernel/clock.ts'

export interface Trip {
  /** Its name in the plan's mix. */
  route: string
  sent: Ms
  /** Its head at the proxy, on the way to the upstream. */
  head: Ms
  /** Its connection to the upstream had to be made first. */
  isOnNewConnection: boolean
  arrived: Ms
  departed: Ms
  ended: Ms
}

// What is known of so many requests at once; of more, the oldest are forgotten.
const MOST = 10_000

/** Takes a journal's lines; `complete` gets each trip once. */
export function tripJoiner(complete: (trip: Trip) => void): (event: JournalEvent) => void {
  const trips = new Map<string, Partial<Trip>>()
  const askers = new Map<string, string>()
  const used = new Set<string>()

  function learn(id: string, facts: Partial<Trip>): void {
    const trip = { ...trips.get(id), ...facts }
    if (isComplete(trip)) {
      trips.delete(id)
      complete(trip)
    } else {
      trips.set(id, trip)
      bound(trips)
    }
  }

  return (event) => {
    if (event.type === 'attempt') {
      const connection = `${event.upstream} ${event.connection}`
      const isOnNewConnection = !used.has(connection)
      used.add(connection)
      // A retry: which attempt the answer stands on is not asked here.
      if (trips.get(event.request)?.head !== undefined) trips.delete(event.request)
      else if (event.request !== '') learn(event.request, { head: event.t, isOnNewConnection })
    } else if (event.type === 'arrival') {
      if (event.attempt !== 1 || event.faults) return
      askers.set(`${event.upstream} ${event.ordinal}`, event.request)
      bound(askers)
      learn(event.request, { arrived: event.t })
    } else if (event.type === 'departure') {
      const key = `${event.upstream} ${event.ordinal}`
      const asker = askers.get(key)
      askers.delete(key)
      if (asker !== undefined) learn(asker, { departed: event.t })
    } else if (event.type === 'request') {
      if (event.outcome === 'ok') learn(event.id, { route: event.route, sent: event.sent, ended: event.t })
      else trips.delete(event.id)
    }
  }
}

function bound(map: Map<string, unknown>): void {
  if (map.size <= MOST) return
  for (const oldest of map.keys()) {
    map.delete(oldest)
    return
  }
}

function isComplete(trip: Partial<Trip>): trip is Trip {
  return trip.head !== undefined && trip.arrived !== undefined && trip.departed !== undefined && trip.ended !== undefined
}
