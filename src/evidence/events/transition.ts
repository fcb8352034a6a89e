// A breaker's change of state, as the gateway reports it.
import { type BreakerTransition, breakerStates } from '../../contract/breaker-events.ts'
import type { Ms } from '../../kernel/clock.ts'
import { defineTallied, number, oneOf, optional, text, whole } from './event.ts'

/** The same at plan time. */
export type Transition = Omit<BreakerTransition, 't'> & {
  atMs: Ms
  /** Of an inferred one alone: it happened between these times, and `atMs` lies in their middle. */
  between?: readonly [Ms, Ms]
}

export const transition = defineTallied({
  fields: {
    /** The gateway's sequence number, for gaps. */
    sequence: whole,
    upstream: text,
    from: oneOf(breakerStates),
    to: oneOf(breakerStates),
    cause: text,
    failures: optional(number),
    threshold: optional(number),
  },
  /** Of all upstreams, in order of time. */
  evidence: 'transitions',
  tally() {
    // An event stream that was resumed may tell a transition twice.
    const told = new Map<string, Transition>()
    return {
      add({ sequence, upstream, from, to, cause, failures, threshold }, atMs) {
        told.set(`${sequence} ${upstream} ${atMs}`, {
          atMs,
          sequence,
          upstream,
          from,
          to,
          cause,
          ...(failures !== undefined && { failures }),
          ...(threshold !== undefined && { threshold }),
        })
      },
      result: () => fromLoadStart([...told.values()].toSorted((a, b) => a.atMs - b.atMs || a.sequence - b.sequence)),
    }
  },
})

/** A gateway that was already running replays old transitions. Of those, the last one of a breaker that was not closed is kept. */
function fromLoadStart(transitions: Transition[]): Transition[] {
  const last = new Map(transitions.filter(({ atMs }) => atMs < 0).map((past) => [past.upstream, past]))
  return transitions.filter((each) => each.atMs >= 0 || (last.get(each.upstream) === each && each.to !== 'closed'))
}
