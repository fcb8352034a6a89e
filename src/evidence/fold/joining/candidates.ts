// Which request an attempt belongs to that carries no client's id: the only one of its kind that was under way when it arrived.
//
//   requests under way at the arrival, for this upstream and its route, with this body:  one ──▶ it is that one's
//                                                                                        more ─▶ nobody can tell
import { bodyChecksum } from '../../../contract/body-checksum.ts'
import type { Ms } from '../../../kernel/clock.ts'
import { type Arrival, arrivals } from '../../../plan/arrivals.ts'
import type { Plan } from '../../../plan/plan.ts'
import type { ArrivalEvent } from '../../events.ts'

interface Candidate {
  index: number
  /** The fake's route that it is answered by; undefined: any. */
  route: string | undefined
  method: string
  /** Of its body; empty when it has none. */
  checksum: string
}

/** When the load told that request `index` had ended; undefined while it has not. */
export type EndOf = (index: number) => Ms | undefined

export class Candidates {
  readonly #origin: Ms
  readonly #endOf: EndOf
  readonly #upcoming: Iterator<Arrival>
  readonly #underWay = new Map<string, Candidate[]>()
  readonly #checksums = new Map<unknown, string>()
  /** Bodies as the load sends them. A gateway may send others, which then tell nothing. */
  readonly #known = new Set<string>()
  #next: Arrival | undefined

  constructor(plan: Plan, origin: Ms, endOf: EndOf) {
    this.#origin = origin
    this.#endOf = endOf
    this.#upcoming = arrivals(plan)[Symbol.iterator]()
    this.#next = this.#take()
    for (const body of plan.load.mix.flatMap(({ bodies }) => bodies)) {
      const checksum = bodyChecksum(JSON.stringify(body))
      this.#checksums.set(body, checksum)
      this.#known.add(checksum)
    }
  }

  /** The ordinal of the request that the attempt belongs to, for sure; −1 where more than one could be. To be asked in order of time. */
  claim({ t, upstream, route, method, bodyHash }: ArrivalEvent): number {
    this.#advance(t)
    const underWay = this.#underWay.get(upstream) ?? []
    const left = underWay.filter(({ index }) => (this.#endOf(index) ?? Number.POSITIVE_INFINITY) >= t)
    this.#underWay.set(upstream, left)
    const tells = bodyHash === '' || this.#known.has(bodyHash)
    const [only, another] = left.filter(
      (each) => (each.route === undefined || each.route === route) && each.method === method && (!tells || each.checksum === bodyHash),
    )
    return only === undefined || another !== undefined ? -1 : only.index
  }

  #advance(t: Ms): void {
    for (; this.#next && this.#origin + this.#next.dueMs <= t; this.#next = this.#take()) {
      const { index, route: asked, body } = this.#next
      if (this.#endOf(index) === Number.NEGATIVE_INFINITY) continue
      const checksum = body === undefined ? '' : (this.#checksums.get(body) ?? '')
      for (const { upstream, route } of asked.reaches) {
        const candidate = { index, route, method: asked.method, checksum }
        const underWay = this.#underWay.get(upstream)
        if (underWay) underWay.push(candidate)
        else this.#underWay.set(upstream, [candidate])
      }
    }
  }

  #take(): Arrival | undefined {
    const { value, done } = this.#upcoming.next()
    return done ? undefined : value
  }
}
