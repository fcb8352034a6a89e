// Answers that were under way while another client asked the same: a gateway may let all of them share the call of the first.
//
//   first   ──▶ attempt ───▶ whole and good, this body ──▶ client
//   second      ──▶ nothing of its own ──────────────────▶ client: this body, too
import type { Ms } from '../../../kernel/clock.ts'
import type { Plan } from '../../../plan/plan.ts'
import type { DepartureEvent } from '../../events.ts'
import { bodiesGot } from '../../got-bodies.ts'
import { DEPARTURE_SLACK_MS, type Trace } from '../../trace.ts'

/** Beyond the longest that a client waits, for traces that are handed on late. */
const LATER: Ms = 5000

/** Alike answers with one checksum. */
interface Sent {
  status: number
  length: number
  /** When they ended, the latest last. */
  ends: Ms[]
}

export class AnswersInFlight {
  readonly #keptMs: Ms
  /** The upstreams whose answers a route hands on; none where asking twice is no repeat of the same. */
  readonly #upstreams: readonly (readonly string[])[]
  /** By upstream, then by checksum. */
  readonly #sent: ReadonlyMap<string, Map<string, Sent[]>>
  #forgetAt: Ms = Number.NEGATIVE_INFINITY

  constructor({ load }: Plan) {
    this.#keptMs = load.timeoutMs + LATER
    this.#upstreams = load.mix.map(({ method, reaches }) => (method === 'GET' ? reaches.map(({ upstream }) => upstream) : []))
    this.#sent = new Map(this.#upstreams.flat().map((upstream) => [upstream, new Map<string, Sent[]>()]))
  }

  /** Of an attempt whose own client is known: another one may be of the request itself. */
  departure({ t, upstream, status, whole, clientGone, checksum, length }: DepartureEvent): void {
    if (!whole || clientGone || status === 0 || checksum === undefined) return
    const sent = this.#sent.get(upstream)
    if (!sent) return
    const alike = sent.get(checksum)
    const known = alike && found(alike, status, length)
    if (known) this.#add(known.ends, t)
    else if (alike) alike.push({ status, length, ends: [t] })
    else sent.set(checksum, [{ status, length, ends: [t] }])
    if (t >= this.#forgetAt) this.#forget(t)
  }

  #add(ends: Ms[], t: Ms): void {
    ends.push(t)
    if (ends[0]! < t - 2 * this.#keptMs)
      ends.splice(
        0,
        ends.findIndex((end) => end >= t - this.#keptMs),
      )
  }

  /** To look at all costs something: it is done now and then. */
  #forget(t: Ms): void {
    this.#forgetAt = t + this.#keptMs
    const isOld = ({ ends }: Sent): boolean => ends.at(-1)! < t - this.#keptMs
    for (const sent of this.#sent.values())
      for (const [checksum, alike] of sent) {
        if (alike.every(isOld)) sent.delete(checksum)
        else if (alike.some(isOld))
          sent.set(
            checksum,
            alike.filter((each) => !isOld(each)),
          )
      }
  }

  /** Whether the client got the very body that an upstream of its route sent to another one while this one waited. */
  isShared({ request, route, attempts }: Trace): boolean {
    if (!request || attempts.length > 0) return false
    return this.#upstreams[route]!.some((upstream) =>
      bodiesGot(request).some(([checksum, length]) => {
        const sent = found(this.#sent.get(upstream)!.get(checksum) ?? [], request.status, length)
        const end = sent?.ends.findLast((each) => each <= request.t + DEPARTURE_SLACK_MS)
        return end !== undefined && end >= request.sent
      }),
    )
  }
}

const found = (alike: readonly Sent[], status: number, length: number): Sent | undefined =>
  alike.find((each) => each.status === status && each.length === length)
