// The states of one breaker over a run, as the gateway told them.
import type { BreakerState } from '../../../contract/breaker-events.ts'
import type { Evidence } from '../../../evidence/evidence.ts'
import type { Transition } from '../../../evidence/events/transition.ts'
import type { Ms } from '../../../kernel/clock.ts'
import { span } from '../../../kernel/wording.ts'

export interface Spell {
  state: BreakerState
  fromMs: Ms
  toMs: Ms
  /** By how much `fromMs` may be off; 0 for what the gateway told. */
  slackMs: Ms
}

export function transitionsOf(evidence: Evidence, upstream: string): Transition[] {
  return evidence.transitions.filter((transition) => transition.upstream === upstream)
}

/** The states from load start to the end of the evidence, without gaps; at least one. A breaker that tells nothing is closed. */
export function spells(evidence: Evidence, upstream: string): Spell[] {
  const transitions = transitionsOf(evidence, upstream)
  const begin = Math.min(0, transitions[0]?.atMs ?? 0)
  const starts: Omit<Spell, 'toMs'>[] = [{ state: transitions[0]?.from ?? 'closed', fromMs: begin, slackMs: 0 }]
  for (const { to, atMs, between } of transitions)
    starts.push({ state: to, fromMs: atMs, slackMs: between ? Math.max(atMs - between[0], between[1] - atMs) : 0 })
  return starts.map(({ state, fromMs, slackMs }, at) => ({ state, fromMs, slackMs, toMs: starts[at + 1]?.fromMs ?? evidence.end.atMs }))
}

/** A time as it is told: "about 5.1 s (± 200 ms)" where it may be off by so much. */
export const inexact = (time: string, slackMs: Ms): string => (slackMs === 0 ? time : `about ${time} (± ${span(slackMs)})`)

/** Whether a time that may be off by so much lies too near to its limit to be held to it. */
export const isTooClose = (measured: Ms, limit: Ms, slackMs: Ms): boolean => slackMs > 0 && Math.abs(measured - limit) < slackMs

/**
 * The states with failed probes folded away: open → half-open → open is one spell of being open. How many probes fail
 * depends on where in the recovery time the fault happens to end, so it is no property of the gateway.
 */
export function withoutFailedProbes(states: readonly BreakerState[]): BreakerState[] {
  const kept: BreakerState[] = []
  for (const state of states) {
    if (state === 'open' && kept.at(-1) === 'half_open' && kept.at(-2) === 'open') kept.pop()
    else kept.push(state)
  }
  return kept
}
