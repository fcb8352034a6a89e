// One client call through the policies of its upstream, outermost first. The order is fixed:
//
//   client ─▶ size limit ─▶ client's rate limit ─▶ gateway's in-flight cap ─┐                  by the gateway
//                                                                           │
//                                                           fallback ◀──────┘                  serve.ts, once a request
//                                                               │
//                                  retry (and its budget) ◀─────┴──── total deadline           here, once a call
//                                    │
//                                    └─▶ breaker ─▶ bulkhead ─▶ upstream's rate limit ─┐       here, once an attempt
//                                                                                      │
//   upstream ◀─── request ◀─── attempt timeout ◀───────────────────────────────────────┘       by the driver, as told
//
// The deadline is outside retry: it covers queues, backoff and every attempt. The breaker is inside it: each attempt asks.
// So is the bulkhead: a call that backs off holds no slot. A refusal made here is final for the call. It is neutral for the breaker,
// because it says nothing about the upstream.
import type { PolicyRefusal } from '../contract/refusals.ts'
import type { CallResult } from './call-result.ts'
import { CallState } from './call-state.ts'
import type { Answer, CallRequest, Effect, EnterEffect } from './effects.ts'
import { hedge } from './hedging/hedging.ts'
import type { WaitingQueue } from './limits/waiting-queue.ts'
import type { PolicySet } from './policy-set.ts'

/**
 * Nothing happens, and nothing is counted, before the first `next()`. Refusals and failures are results. It throws only what a defect of
 * a policy has thrown, and holds nothing then.
 */
export function* call(policies: PolicySet, request: CallRequest): Generator<Effect, CallResult, Answer> {
  const state = new CallState(policies, request)
  try {
    for (;;) {
      let refusal: ReturnType<CallState['admit']> | 'aborted' = state.admit()
      // Waiting is a generator of its own, so that a call that need not wait does not pay for one.
      while (typeof refusal === 'object') refusal = (yield* wait(state, refusal)) ?? state.enterQueues()
      if (refusal === 'aborted') return state.abandon()
      if (refusal !== undefined) return state.refuse(refusal)

      let answer = yield state.begin()
      if (answer.is === 'pending') answer = yield* hedge(state)
      const result = state.conclude(answer)
      if (result) return result

      answer = yield { do: 'wait', ms: state.delay }
      if (answer.is === 'aborted') return state.abandon()
      state.tick()
    }
  } catch (error) {
    state.abandon()
    throw error
  }
}

/** Waits in `queue` until there is a place (undefined), waiting is no use, or the client is gone. */
function* wait(state: CallState, queue: WaitingQueue): Generator<EnterEffect, PolicyRefusal | 'aborted' | undefined, Answer> {
  const since = state.now
  const waiter = queue.join()
  if (!waiter) return queue.refusal
  const end = Math.min(state.deadline, since + queue.maxWaitMs)
  for (;;) {
    if (queue.claim(waiter, state.now)) return state.passQueue()
    const ms = queue.dueIn(waiter, state.now)
    // A turn that comes too late is refused at once: waiting for it would only fill the queue.
    if (state.now >= end || (Number.isFinite(ms) && state.now + ms > end)) {
      queue.leave(waiter)
      return Number.isFinite(ms) || end < state.deadline ? queue.refusal : 'deadline'
    }
    const answer = yield { do: 'enter', waiter, ms: Math.min(ms, end - state.now) }
    state.tick()
    if (answer.is === 'aborted') {
      queue.leave(waiter)
      return 'aborted'
    }
  }
}
