// Whether the gateway's own account of its breakers is there, and whole.
import type { Evidence } from '../../evidence/evidence.ts'
import { transitionsOf } from '../breaker-history.ts'
import type { Given } from '../ruling.ts'
import type { Guard } from '../verdict.ts'

// A stream that breaks in mid-run is replayed on reconnection; one that is down when the plan ends is not.
const LAST_SECOND = 1000

/** What is wrong with the event stream; undefined when it can be relied on. */
export function eventsProblem({ plan, evidence }: Given): string | undefined {
  const note = evidence.notes.find(
    ({ code, atMs }) =>
      code === 'events_unavailable' ||
      code === 'events_gap' ||
      (code === 'events_lost' && atMs >= plan.durationMs - LAST_SECOND && atMs <= plan.durationMs),
  )
  return (
    note?.text ??
    Object.keys(plan.upstreams)
      .map((upstream) => brokenChain(evidence, upstream))
      .find((problem) => problem !== undefined)
  )
}

export function breakerEvents(given: Given): Guard[] {
  if (!given.plan.criteria.some(({ criterion }) => restsOnEvents.has(criterion.kind))) return []
  const problem = eventsProblem(given)
  return [
    {
      id: 'breaker_events',
      ok: problem === undefined,
      sentence: problem ?? `${given.evidence.transitions.length} breaker transitions received, without a gap`,
      measured: given.evidence.transitions.length,
      bound: null,
      unit: 'transitions',
      bias: 'blind',
      remedy: problem === undefined ? null : 'let the gateway serve its breaker transitions as server-sent events',
    },
  ]
}

const restsOnEvents: ReadonlySet<string> = new Set(['transitions', 'opens_within', 'closes_within', 'stays_closed'])

/** Each transition must begin in the state in which the one before it ended. */
function brokenChain(evidence: Evidence, upstream: string): string | undefined {
  const transitions = transitionsOf(evidence, upstream)
  const at = transitions.findIndex(({ from }, index) => index > 0 && transitions[index - 1]!.to !== from)
  if (at < 0) return undefined
  return `${upstream}'s breaker events do not join: one ends in ${transitions[at - 1]!.to}, the next begins in ${transitions[at]!.from}`
}
