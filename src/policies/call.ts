// One client call through the policies of its upstream, outermost first. The order is fixed:
//
//   client ─▶ size limit ─▶ client's rate limit ─▶ gateway's in-flight cap ─▶ fallback ─┐      at the gateway's edge
//                                                                                       │
//                                  retry (and its budget) ◀──────── total deadline ◀────┘      here, once a call
//                                    │
//                                    └─▶ breaker ─▶ bulkhead ─▶ upstream's rate limit ─┐       here, once an attempt
//                                                                                      │
//   upstream ◀─── request ◀─── attempt timeout ◀───────────────────────────────────────┘       by the driver, as told
//
// The deadline is outside retry: it covers queues, backoff and every attempt. The breaker is inside it: each attempt asks.
// So is the bulkhead: a call that backs off holds no slot. A refusal made here is final for the call, and neutral for
// the breaker: it says nothing about the upstream.
import type { Answer, CallRequest, CallResult, Effect, EnterEffect, RejectReason } from './effects.ts'
import { hedge } from './hedging.ts'
import type { Room } from './limits/waiting-queue.ts'
import { type Admission, Run } from './call-state.ts'
import type { Layers } from './policy-set.ts'

/** Nothing happens, and nothing is counted, before the first `next()`. Refusals and failures are results; it never throws. */
export function* call(layers: Layers, request: CallRequest): Generator<Effect, CallResult, Answer> {
  const run = new Run(layers, request)
  for (;;) {
    let refusal: Admission | 'aborted' = run.admit()
    // A queue is a generator of its own, so that a call that need not wait does not pay for one.
    if (refusal === 'bulkhead_busy') refusal = (yield* queue(run, 'bulkhead', layers.bulkhead!)) ?? run.enterRateLimit()
    if (refusal === 'rate_limit_busy') refusal = yield* queue(run, 'rate_limit', layers.rateLimit!)
    if (refusal === 'aborted') return run.abandon()
    if (refusal !== undefined) return run.refuse(refusal)

    let answer = yield run.begin()
    if (answer.is === 'pending') answer = yield* hedge(run)
    const result = run.conclude(answer)
    if (result) return result

    answer = yield { do: 'wait', ms: run.delay }
    if (answer.is === 'aborted') return run.abandon()
    run.tick()
  }
}

/** Stands in a room's queue until there is a place, it is no use waiting, or the client is gone. */
function* queue(run: Run, into: EnterEffect['into'], room: Room): Generator<EnterEffect, RejectReason | 'aborted' | undefined, Answer> {
  const since = run.now
  const waiter = room.join()
  if (!waiter) return run.leaveQueue(into, room.refusal)
  const end = Math.min(run.deadline, since + room.maxWaitMs)
  for (;;) {
    if (room.claim(waiter, run.now)) return run.leaveQueue(into, undefined)
    const ms = room.dueIn(waiter, run.now)
    // A turn that comes too late is refused at once: waiting for it would only fill the queue.
    if (run.now >= end || (Number.isFinite(ms) && run.now + ms > end)) {
      room.leave(waiter)
      return run.leaveQueue(into, Number.isFinite(ms) || end < run.deadline ? room.refusal : 'deadline')
    }
    const answer = yield { do: 'enter', into, waiter, ms: Math.min(ms, end - run.now) }
    run.tick()
    if (answer.is === 'aborted') {
      room.leave(waiter)
      return 'aborted'
    }
  }
}
