// What operators do to the simulated gateway by its admin API (gateway/admin/admin-api.ts): they close a breaker by hand.
import { bodySum } from '../../contract/body-checksum.ts'
import { BreakerViews } from '../../gateway/admin/breaker-views.ts'
import { refusalAnswer } from '../../gateway/request/refusal.ts'
import type { EventQueue } from '../event-queue.ts'
import { byName, type Given } from '../given-answer.ts'
import type { SimulatedUpstream } from './upstream.ts'

export class Operators {
  readonly #upstreams: ReadonlyMap<string, SimulatedUpstream>
  readonly #views: BreakerViews

  constructor(upstreams: ReadonlyMap<string, SimulatedUpstream>, queue: EventQueue) {
    this.#upstreams = upstreams
    // Simulated time has no date.
    this.#views = new BreakerViews([...upstreams.values()], queue, () => queue.now())
  }

  /** Closes the breaker, and shows it. */
  reset(name: string, request: string): Given {
    this.#upstreams.get(name)?.stack.reset()
    const view = this.#views.one(name)
    if (view) return whole(200, { 'content-type': 'application/json; charset=utf-8' }, JSON.stringify(view))
    const { status, headers, body } = refusalAnswer(
      { reason: 'not_found', technical: `no circuit breaker '${name}'` },
      request,
      0,
      () => request,
    )
    return whole(status, byName(headers), body)
  }
}

function whole(status: number, headers: Record<string, string>, body: string): Given {
  const pieces = [Buffer.from(body)]
  return { is: 'answered', status, headers: { ...headers, 'content-length': String(pieces[0]!.length) }, pieces, sum: bodySum(pieces) }
}
