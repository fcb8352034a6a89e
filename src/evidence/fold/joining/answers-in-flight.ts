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

/** Answers of one upstream in columns, in the order of their ends. */
interface Sent {
  ends: Ms[]
  statuses: number[]
  lengths: number[]
  /** Checksums as numbers: the texts need not be kept. */
  sums: number[]
}

export class AnswersInFlight {
  readonly #keptMs: Ms
  /** Of the upstreams whose answers a route hands on; none where asking twice is no repeat of the same. */
  readonly #ofRoutes: readonly (readonly Sent[])[]
  /** By place of the upstream; undefined where no route hands answers on. */
  readonly #sent: readonly (Sent | undefined)[]

  constructor({ load, upstreams }: Plan) {
    const names = Object.keys(upstreams)
    const sent = names.map((): Sent => ({ ends: [], statuses: [], lengths: [], sums: [] }))
    this.#keptMs = load.timeoutMs + LATER
    this.#ofRoutes = load.mix.map(({ method, reaches }) =>
      method === 'GET' ? reaches.flatMap(({ upstream }) => sent[names.indexOf(upstream)] ?? []) : [],
    )
    const handedOn = new Set(this.#ofRoutes.flat())
    this.#sent = sent.map((each) => (handedOn.has(each) ? each : undefined))
  }

  /** Of an attempt whose own client is known: another one may be of the request itself. `upstream`: its place in the plan. */
  departure({ t, status, whole, clientGone, checksum, length }: DepartureEvent, upstream: number): void {
    if (!whole || clientGone || status === 0 || checksum === undefined) return
    const sent = this.#sent[upstream]
    if (!sent) return
    sent.ends.push(t)
    sent.statuses.push(status)
    sent.lengths.push(length)
    sent.sums.push(checksumNumber(checksum))
    if (sent.ends[0]! < t - 1.25 * this.#keptMs) forget(sent, firstFrom(sent.ends, t - this.#keptMs))
  }

  /** Whether the client got the very body that an upstream of its route sent to another one while this one waited. */
  isShared({ request, route, attempts }: Trace): boolean {
    if (!request || attempts.length > 0 || request.status === 0) return false
    // What has no checksum has no bytes: nobody sent it.
    const bodies = bodiesGot(request).filter(([checksum]) => checksum !== '')
    const got = bodies.map(([checksum, length]) => ({ sum: checksumNumber(checksum), length }))
    return this.#ofRoutes[route]!.some(({ ends, statuses, lengths, sums }) => {
      for (let at = firstFrom(ends, request.sent); at < ends.length && ends[at]! <= request.t + DEPARTURE_SLACK_MS; at++)
        if (statuses[at] === request.status && got.some(({ sum, length }) => sums[at] === sum && lengths[at] === length)) return true
      return false
    })
  }
}

function forget({ ends, statuses, lengths, sums }: Sent, count: number): void {
  for (const column of [ends, statuses, lengths, sums]) column.splice(0, count)
}

/** The place of the first end at `fromMs` or later. */
function firstFrom(ends: readonly Ms[], fromMs: Ms): number {
  let [low, high] = [0, ends.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (ends[middle]! < fromMs) low = middle + 1
    else high = middle
  }
  return low
}
