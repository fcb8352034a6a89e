// Who got whose answer. An upstream's answer belongs to the identity whose request it was sent for; a body that was sent to one
// identity alone and came to another has leaked. Fallbacks count too: a kept answer is where it happens.
import { bodiesGot, isBodyOf } from '../got-bodies.ts'
import { MANY, SentBodies } from './sent-bodies.ts'
import type { RequestEvent } from '../events.ts'
import { CountTable } from '../fold/counting/count-table.ts'
import { type Seen, earliest, traceTally } from './trace-tally.ts'

export interface IdentityCell {
  /** The phase in which the requests were due. */
  phase: string
  route: string
  /** How many identities ask on this route. */
  identities: number
  /** Answers with the body of their own attempt. */
  own: number
  /** Answers with a body that another request of the same identity was sent, and no other identity. */
  kept: number
  /** Answers with a body that only another identity was sent. */
  foreign: number
  /** Answers of which nobody can tell: their body was sent to several identities, or they are fallbacks that nobody sent. */
  untold: number
  /** Answers that call themselves good, with a body that is not known to have been sent to anybody: changed, or made up. */
  unbacked: number
  firstForeign: Seen | null
}

/** Bodies whose sender was not known yet when the answer was looked at. Beyond this many, they stay untold. */
const MAX_PENDING = 10_000

interface Pending {
  cell: IdentityCell
  request: RequestEvent
}

export const identities = traceTally<'identities', IdentityCell>({
  evidence: 'identities',
  open({ plan, origin }) {
    const { phases, load } = plan
    const cells = new CountTable<IdentityCell>([phases.length, load.mix.length], (phase = 0, route = 0) => ({
      phase: phases[phase]?.name ?? '',
      route: load.mix[route]!.route,
      identities: load.mix[route]!.identities?.length ?? 0,
      own: 0,
      kept: 0,
      foreign: 0,
      untold: 0,
      unbacked: 0,
      firstForeign: null,
    }))
    const sent = new SentBodies()
    const pending: Pending[] = []

    /** The identity that alone was sent what the request got. */
    const ownerOf = (request: RequestEvent, route: number): string | typeof MANY | undefined => {
      for (const { upstream } of load.mix[route]!.reaches)
        for (const [checksum, length] of bodiesGot(request)) {
          const owner = sent.to(upstream, checksum, length)
          if (owner !== undefined) return owner
        }
      return undefined
    }
    const settle = ({ cell, request }: Pending, owner: string | typeof MANY | undefined): void => {
      if (owner === undefined && request.outcome === 'ok') cell.unbacked++
      else if (owner === undefined || owner === MANY) cell.untold++
      else if (owner === request.identity) cell.kept++
      else {
        cell.foreign++
        const what = `${request.identity} got an answer that ${owner} had been sent`
        cell.firstForeign = earliest(cell.firstForeign, { request: request.id, atMs: request.t - origin, what })
      }
    }
    const routes = new Map(load.mix.map(({ route }, at) => [route, at]))

    return {
      trace({ request, phase, route, attempts }) {
        if (request?.identity === undefined) return
        for (const { departure, joinedBy } of attempts)
          if (departure?.checksum !== undefined && joinedBy === 'id')
            sent.add(departure.upstream, departure.checksum, departure.length, request.identity)
        if ((request.outcome !== 'ok' && request.outcome !== 'fallback') || !request.length) return
        const cell = cells.at(phase, route)
        if (attempts.some(({ departure }) => departure && isBodyOf(request, departure))) {
          cell.own++
          return
        }
        const waiting = { cell, request }
        const owner = ownerOf(request, route)
        // The request that it was sent for may still be under way, and one more identity may be sent the same.
        if (pending.length < MAX_PENDING && owner !== MANY) pending.push(waiting)
        else settle(waiting, owner)
      },
      result() {
        for (const waiting of pending) settle(waiting, ownerOf(waiting.request, routes.get(waiting.request.route)!))
        return cells.all()
      },
    }
  },
  key: ({ phase, route }) => JSON.stringify([phase, route]),
  merge: (a, b) => ({
    ...a,
    own: a.own + b.own,
    kept: a.kept + b.kept,
    foreign: a.foreign + b.foreign,
    untold: a.untold + b.untold,
    unbacked: a.unbacked + b.unbacked,
    firstForeign: earliest(a.firstForeign, b.firstForeign),
  }),
})
