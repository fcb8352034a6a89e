// An alert of the gateway's begins or ends, as the gateway reports it.
import { alertEdges, alertSeverities } from '../../contract/breaker-events.ts'
import type { Ms } from '../../kernel/clock.ts'
import { defineTallied, oneOf, text, whole } from './event.ts'

/** How long an alert was on; `toMs` null: to the end of the run. */
export interface AlertSpell {
  rule: string
  severity: (typeof alertSeverities)[number]
  /** What it was about, such as an upstream; empty: the gateway as a whole. */
  subject: string
  fromMs: Ms
  toMs: Ms | null
}

export const alert = defineTallied({
  fields: {
    /** The gateway's sequence number. */
    sequence: whole,
    rule: text,
    severity: oneOf(alertSeverities),
    edge: oneOf(alertEdges),
    subject: text,
  },
  /** In order of time. */
  evidence: 'alerts',
  tally() {
    const edges: { rule: string; severity: AlertSpell['severity']; subject: string; edge: 'start' | 'end'; atMs: Ms; sequence: number }[] =
      []
    return {
      add: ({ rule, severity, subject, edge, sequence }, atMs) => void edges.push({ rule, severity, subject, edge, atMs, sequence }),
      result() {
        const spells: AlertSpell[] = []
        const on = new Map<string, AlertSpell>()
        for (const { rule, severity, subject, edge, atMs } of edges.toSorted((a, b) => a.atMs - b.atMs || a.sequence - b.sequence)) {
          const key = JSON.stringify([rule, subject])
          const open = on.get(key)
          if (edge === 'end') {
            if (open) open.toMs = atMs
            on.delete(key)
          } else if (!open) {
            const spell: AlertSpell = { rule, severity, subject, fromMs: atMs, toMs: null }
            on.set(key, spell)
            spells.push(spell)
          }
        }
        // A gateway that was already running tells of alerts that were over before the run.
        return spells.filter(({ fromMs, toMs }) => fromMs >= 0 || toMs === null || toMs > 0)
      },
    }
  },
})
