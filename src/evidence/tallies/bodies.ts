// The body that a client got, held against the one that the upstream sent, byte for byte. A body that came compressed counts as it was
// before. Of the clients' good answers alone; a route that several upstreams answer has no body of one of them.
import { CountTable } from '../fold/counting/count-table.ts'
import type { DepartureEvent, RequestEvent } from '../events.ts'
import { isBodyOf, bodiesGot } from '../got-bodies.ts'
import { SentBodies } from './sent-bodies.ts'
import { type Seen, earliest, traceTally } from './trace-tally.ts'

export interface BodyCell {
  /** The phase in which the requests were due. */
  phase: string
  route: string
  upstream: string
  /** Answers with the very body of one of their own attempts. */
  same: number
  /** Answers without an attempt of their own, with a body that the upstream sent to another request: shared, or kept. */
  shared: number
  /** Answers whose own attempts all sent another body, or broke off. */
  other: number
  /** Answers of which nobody can tell. */
  untold: number
  firstOther: Seen | null
}

export const bodies = traceTally<'bodies', BodyCell>({
  evidence: 'bodies',
  open({ plan, origin }) {
    const { phases, load } = plan
    // Undefined where a route is answered by none or by several.
    const only = load.mix.map(({ reaches }) => {
      const [upstream, another] = new Set(reaches.map((each) => each.upstream))
      return another === undefined ? upstream : undefined
    })
    const cells = new CountTable<BodyCell>([phases.length, load.mix.length], (phase = 0, route = 0) => ({
      phase: phases[phase]?.name ?? '',
      route: load.mix[route]!.route,
      upstream: only[route]!,
      same: 0,
      shared: 0,
      other: 0,
      untold: 0,
      firstOther: null,
    }))
    const sent = new SentBodies()
    return {
      departure({ upstream, whole, clientGone, checksum, length }) {
        if (whole && !clientGone && checksum !== undefined) sent.add(upstream, checksum, length)
      },
      trace({ request, phase, route, attempts }) {
        const upstream = only[route]
        if (!request || upstream === undefined || request.outcome !== 'ok' || request.length === undefined) return
        const cell = cells.at(phase, route)
        // As most are: no list is made for them.
        for (const { departure } of attempts) {
          if (!departure || !isGood(request, departure) || !isAnswer(departure) || !isBodyOf(request, departure)) continue
          cell.same++
          return
        }
        // What was answered with an error did not make a good answer.
        const good = attempts.flatMap(({ departure }) => (departure && isGood(request, departure) ? [departure] : []))
        const answered = good.filter(isAnswer)
        // What broke off there is no whole answer here, although all of its bytes came.
        const broken = good.find((departure) => isBroken(departure) && isBodyOf(request, departure))
        if (answered.length > 0 || broken) {
          cell.other++
          const what = broken ? `${broken.length} bytes, where the upstream's answer broke off` : differenceOf(request, answered.at(-1)!)
          cell.firstOther = earliest(cell.firstOther, { request: request.id, atMs: request.t - origin, what })
        } else if (bodiesGot(request).some(([checksum, length]) => sent.has(upstream, checksum, length))) cell.shared++
        else cell.untold++
      },
      result: () => cells.all(),
    }
  },
  key: ({ phase, route }) => JSON.stringify([phase, route]),
  merge: (a, b) => ({
    ...a,
    same: a.same + b.same,
    shared: a.shared + b.shared,
    other: a.other + b.other,
    untold: a.untold + b.untold,
    firstOther: earliest(a.firstOther, b.firstOther),
  }),
})

const isGood = ({ status }: RequestEvent, departure: DepartureEvent): boolean =>
  departure.status > 0 && (departure.status < 400 || departure.status === status)

/** By the fake, or by a gateway that gave up a stall. */
const isBroken = ({ brokenOff, clientGone, whole }: DepartureEvent): boolean => brokenOff === true || (clientGone && !whole)

const isAnswer = (departure: DepartureEvent): boolean => !isBroken(departure) && !departure.clientGone

function differenceOf({ length: got = 0 }: RequestEvent, { length: sent }: DepartureEvent): string {
  return got === sent ? `${sent} other bytes than were sent` : `${got} bytes, and ${sent} were sent`
}
