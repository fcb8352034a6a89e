// A phase begins or ends.
import type { Ms } from '../../kernel/clock.ts'
import { defineTallied, oneOf, text } from './event.ts'

/** Null for an edge that was not seen. */
export interface PhaseTimes {
  phase: string
  startedMs: Ms | null
  endedMs: Ms | null
}

export const phase = defineTallied({
  fields: { phase: text, edge: oneOf(['start', 'end']) },
  /** In the plan's order. */
  evidence: 'phases',
  tally({ plan }) {
    const times = plan.phases.map(({ name }): PhaseTimes => ({ phase: name, startedMs: null, endedMs: null }))
    const byName = new Map(times.map((each) => [each.phase, each]))
    return {
      add(event, atMs) {
        const found = byName.get(event.phase)
        if (found) found[event.edge === 'start' ? 'startedMs' : 'endedMs'] = atMs
      },
      result: () => times,
    }
  },
})
