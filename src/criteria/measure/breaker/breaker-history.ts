// The states of one breaker over a run, as the gateway told them.
import type { BreakerState } from '../../../contract/breaker-events.ts'
import type { Evidence } from '../../../evidence/evidence.ts'
import type { Transition } from '../../../evidence/events/transition.ts'
import type { Ms } from '../../../kernel/clock.ts'

export interface Spell {
  state: BreakerState
  fromMs: Ms
  toMs: Ms
}

export function transitionsOf(evidence: Evidence, upstream: string): Transition[] {
  return evidence.transitions.filter((transition) => transition.upstream === upstream)
}

/** The states from load start to the end of the evidence, without gaps; at least one. A breaker that tells nothing is closed. */
export function spells(evidence: Evidence, upstream: string): Spell[] {
  const transitions = transitionsOf(evidence, upstream)
  const begin = Math.min(0, transitions[0]?.atMs ?? 0)
  const starts: Omit<Spell, 'toMs'>[] = [{ state: transitions[0]?.from ?? 'closed', fromMs: begin }]
  for (const { to, atMs } of transitions) starts.push({ state: to, fromMs: atMs })
  return starts.map(({ state, fromMs }, at) => ({ state, fromMs, toMs: starts[at + 1]?.fromMs ?? evidence.end.atMs }))
}

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
