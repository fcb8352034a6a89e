// A stack on a virtual clock, with a scripted upstream behind it. Nothing sleeps; `clock.advance` plays everything that falls due on
// the way.
import type { Ms } from '../../src/kernel/clock.ts'
import { seededRandom } from '../../src/kernel/random.ts'
import { type VirtualClock, virtualClock } from '../../src/kernel/virtual-clock.ts'
import type { Transition } from '../../src/policies/breaker/snapshot.ts'
import type { CallResult } from '../../src/policies/call-result.ts'
import { drive, type Open } from '../../src/policies/drive.ts'
import type { CallRequest } from '../../src/policies/effects.ts'
import type { PolicyOptions } from '../../src/policies/policy-set.ts'
import type { UpstreamPoliciesInput } from '../../src/policies/settings.ts'
import { createStack, type UpstreamStack } from '../../src/policies/stack.ts'
import { type Reply, ScriptedAttempt } from './scripted-attempt.ts'

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
  /** Opens the attempts of one more call. */
  opener: () => Open<ScriptedAttempt>
  call: (request?: Partial<CallRequest>) => DrivenCall
  /** Makes a call and lets `ms` pass for it. */
  settle: (request?: Partial<CallRequest>, ms?: Ms) => CallResult
}

export type Upstream = (hit: Hit, ordinal: number) => Reply

export const GET: CallRequest = { method: 'GET', idempotent: true, replayable: true }
export const POST: CallRequest = { method: 'POST', idempotent: false, replayable: true }

export function world(
  settings: UpstreamPoliciesInput,
  upstream: Upstream = () => ({}),
  options: Partial<PolicyOptions> & { seed?: number; clock?: VirtualClock; name?: string } = {},
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

  const opener = (): Open<ScriptedAttempt> => {
    const index = calls++
    return (effect, listener) => {
      const hit: Hit = { at: clock.now(), call: index, attempt: effect.number, probe: effect.probe }
      return new ScriptedAttempt(effect, upstream(hit, hits.push(hit) - 1), { clock, busy }, listener)
    }
  }
  const call = (request: Partial<CallRequest> = {}): DrivenCall => {
    const driven: DrivenCall = { result: undefined, endedAt: Number.NaN, abort: () => driver.abort() }
    const ended = (result: CallResult): void => {
      driven.result = result
      driven.endedAt = clock.now()
    }
    const driver = drive(stack.call({ ...GET, ...request }), { clock, open: opener(), ended })
    return driven
  }

  return {
    clock,
    stack,
    hits,
    transitions,
    busy,
    opener,
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
