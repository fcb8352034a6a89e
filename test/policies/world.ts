// A stack on a virtual clock, with a scripted upstream behind it and a driver between: what the gateway does with sockets and timers,
// done with callbacks. Nothing sleeps; `clock.advance` plays everything that falls due on the way.
import { type Cancel, type Ms, type VirtualClock, virtualClock } from '../../src/kernel/clock.ts'
import { seededRandom } from '../../src/kernel/random.ts'
import type { Transition } from '../../src/policies/breaker/snapshot.ts'
import type { Answer, AttemptEffect, CallRequest, CallResult, Effect } from '../../src/policies/effects.ts'
import type { UpstreamPoliciesInput } from '../../src/policies/settings.ts'
import { createStack, type StackOptions, type UpstreamStack } from '../../src/policies/stack.ts'

export interface Reply {
  /** Time until the outcome; Infinity hangs. */
  after?: Ms
  status?: number
  retryAfter?: string
  /** Instead of a status: refused (never sent) or reset. */
  error?: 'refused' | 'reset'
  /** The headers come after `after`; the body ends so much later, in this way. */
  body?: { after: Ms; end: 'complete' | 'broken' | 'timeout' }
  /** The upstream works to its end, whoever stopped waiting. */
  uncancellable?: boolean
}

export interface Hit {
  at: Ms
  call: number
  attempt: number
  probe: boolean
}

export interface DrivenCall {
  result: CallResult | undefined
  endedAt: Ms
  /** The client goes away. */
  abort: () => void
}

export interface World {
  clock: VirtualClock
  stack: UpstreamStack<string>
  hits: Hit[]
  transitions: Transition[]
  /** Requests that the upstream works on now, and the most there ever were. */
  busy: { now: number; most: number }
  call: (request?: Partial<CallRequest>) => DrivenCall
  /** Makes a call and lets `ms` pass for it. */
  settle: (request?: Partial<CallRequest>, ms?: Ms) => CallResult
}

export type Upstream = (hit: Hit, ordinal: number) => Reply

const GET: CallRequest = { method: 'GET', idempotent: true, replayable: true }
export const POST: CallRequest = { method: 'POST', idempotent: false, replayable: true }

export function world(
  settings: UpstreamPoliciesInput,
  upstream: Upstream = () => ({}),
  options: Partial<StackOptions> & { seed?: number; clock?: VirtualClock; name?: string } = {},
): World {
  const clock = options.clock ?? virtualClock()
  const transitions: Transition[] = []
  const stack = createStack<string>(options.name ?? 'gemini', settings, {
    onTransition: (transition) => transitions.push(transition),
    ...options,
    clock,
    random: seededRandom(options.seed ?? 7),
  })
  const hits: Hit[] = []
  const busy = { now: 0, most: 0 }
  let calls = 0

  const send = (effect: AttemptEffect, call: number, answer: (answer: Answer) => void): Cancel => {
    const hit: Hit = { at: clock.now(), call, attempt: effect.number, probe: effect.probe }
    const reply = upstream(hit, hits.push(hit) - 1)
    busy.most = Math.max(busy.most, ++busy.now)
    let working = true
    const workOver = (): void => {
      if (!working) return
      working = false
      busy.now--
      effect.release()
    }
    const { after = 0, status = 200, retryAfter, error, body } = reply
    const timers: Cancel[] = []
    const hear = (fn: () => void) => (): void => {
      for (const cancel of timers) cancel()
      fn()
    }
    const stop = hear(() => {
      if (!reply.uncancellable) workOver()
    })
    const headers: Answer = {
      is: 'response',
      attempt: effect.number,
      status,
      complete: !body,
      ...(retryAfter === undefined ? {} : { retryAfter }),
    }
    const replied = hear(() => {
      if (body)
        clock.after(body.after, () => {
          effect.bodyEnded(body.end)
          workOver()
        })
      else workOver()
      answer(error ? { is: 'connection_error', attempt: effect.number, reached: error === 'refused' ? 'no' : 'maybe' } : headers)
    })
    if (Number.isFinite(after)) timers.push(clock.after(after, replied))
    if (reply.uncancellable) clock.after(after, workOver)
    const timedOut = hear(() => {
      stop()
      answer({ is: 'timeout', attempt: effect.number })
    })
    timers.push(clock.after(effect.timeoutMs, timedOut))
    return stop
  }

  const call = (request: Partial<CallRequest> = {}): DrivenCall => {
    const generator = stack.call({ ...GET, ...request })
    const index = calls++
    const running = new Map<number, Cancel>()
    let waiting: Cancel | undefined
    const driven: DrivenCall = {
      result: undefined,
      endedAt: Number.NaN,
      abort() {
        if (driven.result) return
        for (const stop of running.values()) stop()
        resume({ is: 'aborted' })
      },
    }
    const later = (ms: Ms, answer: Answer): void => {
      const before = waiting
      const cancel = Number.isFinite(ms) ? clock.after(ms, () => resume(answer)) : undefined
      waiting = () => {
        before?.()
        cancel?.()
      }
    }
    const resume = (answer: Answer): void => {
      if (driven.result) return
      waiting?.()
      waiting = undefined
      if ('attempt' in answer) running.delete(answer.attempt)
      take(generator.next(answer))
    }
    const take = (step: IteratorResult<Effect, CallResult>): void => {
      if (step.done) {
        driven.result = step.value
        driven.endedAt = clock.now()
        for (const stop of running.values()) stop()
        return
      }
      const effect = step.value
      if (effect.do === 'attempt') running.set(effect.number, send(effect, index, resume))
      if (effect.do === 'attempt' || effect.do === 'await') later(effect.hedgeAfterMs, { is: 'pending' })
      if (effect.do === 'wait') later(effect.ms, { is: 'elapsed' })
      if (effect.do === 'enter') {
        effect.waiter.wake = () => resume({ is: 'woken' })
        later(effect.ms, { is: 'elapsed' })
      }
    }
    take(generator.next())
    return driven
  }

  return {
    clock,
    stack,
    hits,
    transitions,
    busy,
    call,
    settle(request, ms = 60_000) {
      const driven = call(request)
      clock.advance(ms)
      if (!driven.result) throw new Error(`the call did not end within ${ms} ms`)
      return driven.result
    },
  }
}

/** The changes of state, as `closed>open open>half_open`. */
export function path(transitions: readonly Transition[]): string {
  return transitions.map(({ from, to }) => `${from}>${to}`).join(' ')
}
