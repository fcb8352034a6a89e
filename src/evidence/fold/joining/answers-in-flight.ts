// Answers that were under way while another client asked the same: a gateway may let all of them share the call of the first.
//
//   first   ──▶ attempt ───▶ whole and good, this body ──▶ client
//   second      ──▶ nothing of its own ──────────────────▶ client: this body, too
import { checksumNumber } from '../../../contract/body-checksum.ts'
import type { Ms } from '../../../kernel/clock.ts'
import type { Plan } from '../../../plan/plan.ts'
import type { DepartureEvent } from '../../events.ts'
import { bodiesGot } from '../../got-bodies.ts'
import { DEPARTURE_SLACK_MS, type Trace } from '../../trace.ts'

/** Beyond the longest that a client waits, for traces that are handed on late. */
const LATER: Ms = 5000

/** Answers of one upstream in the order of their ends, in one list of numbers: of each its end, status, length and checksum. */
type Sent = number[]
const NUMBERS = 4

export class AnswersInFlight {
  readonly #keptMs: Ms
  /** Of the upstreams whose answers a route hands on; none where asking twice is no repeat of the same. */
  readonly #ofRoutes: readonly (readonly Sent[])[]
  /** By place of the upstream; undefined where no route hands answers on. */
  readonly #sent: readonly (Sent | undefined)[]

  constructor({ load, upstreams }: Plan) {
    const names = Object.keys(upstreams)
    const sent = names.map((): Sent => [])
    this.#keptMs = load.timeoutMs + LATER
    this.#ofRoutes = load.mix.map(({ method, reaches }) =>
      method === 'GET' ? reaches.map(({ upstream }) => sent[names.indexOf(upstream)]).filter((each) => each !== undefined) : [],
    )
    const handedOn = new Set(this.#ofRoutes.flat())
    this.#sent = sent.map((each) => (handedOn.has(each) ? each : undefined))
  }

  /**
   * Of an attempt whose own client is known: another one may be of the request itself.
   * @param upstream its place in the plan
   * @param sum the checksum of its body, undefined where it has none
   */
  departure({ t, status, whole, clientGone, length }: DepartureEvent, upstream: number, sum: number | undefined): void {
    if (!whole || clientGone || status === 0 || sum === undefined) return
    const sent = this.#sent[upstream]
    if (!sent) return
    sent.push(t, status, length, sum)
    if (sent[0]! < t - 1.25 * this.#keptMs) sent.splice(0, firstFrom(sent, t - this.#keptMs))
  }

  /** Whether the client got the very body that an upstream of its route sent to another one while this one waited. */
  isShared({ request, route, attempts }: Trace): boolean {
    const reached = this.#ofRoutes[route]!
    if (!request || attempts.length > 0 || request.status === 0 || reached.length === 0) return false
    // What has no checksum has no bytes: nobody sent it.
    const bodies = bodiesGot(request).filter(([checksum]) => checksum !== '')
    const got = bodies.map(([checksum, length]) => ({ sum: checksumNumber(checksum), length }))
    return reached.some((sent) => {
      for (let at = firstFrom(sent, request.sent); at < sent.length && sent[at]! <= request.t + DEPARTURE_SLACK_MS; at += NUMBERS)
        if (sent[at + 1] === request.status && got.some(({ sum, length }) => sent[at + 2] === length && sent[at + 3] === sum)) return true
      return false
    })
  }
}

/** Where the first stands that ended at `fromMs` or later. */
function firstFrom(sent: Sent, fromMs: Ms): number {
  let [low, high] = [0, sent.length / NUMBERS]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sent[NUMBERS * middle]! < fromMs) low = middle + 1
    else high = middle
  }
  return NUMBERS * low
}
