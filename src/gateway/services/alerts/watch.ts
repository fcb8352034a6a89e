// Which alerts are on, from one look at the figures to the next. Pure: time is a parameter.
import type { Ms } from '../../../kernel/clock.ts'
import { alertRules, type AlertRule, type AlertRuleName, type Counts, type Figures } from './rules.ts'
import type { AlertsSettings } from './settings.ts'

export interface Alert {
  rule: AlertRuleName
  severity: AlertRule['severity']
  subject: string
  since: Ms
}

export interface AlertEdge extends Alert {
  edge: 'start' | 'end'
}

interface Active extends Alert {
  /** When its condition held last. */
  heldAt: Ms
}

export class AlertWatch {
  readonly #settings: AlertsSettings
  readonly #active = new Map<string, Active>()
  /** Counts as they were, the oldest first: no older than is looked at, but one. */
  #past: { at: Ms; counts: Counts }[] = []

  constructor(settings: AlertsSettings) {
    this.#settings = settings
  }

  get active(): Alert[] {
    return [...this.#active.values()].map(({ heldAt: _heldAt, ...alert }) => alert)
  }

  /** What began or ended since the last look. */
  look(figures: Figures, now: Ms): AlertEdge[] {
    const edges: AlertEdge[] = []
    const before = this.#countsBefore(figures.counts, now)
    for (const [rule, type] of Object.entries(alertRules) as [AlertRuleName, AlertRule][]) {
      const { severity } = type
      for (const subject of type.look(figures, before, this.#settings)) {
        const key = `${rule} ${subject}`
        const known = this.#active.get(key)
        if (known) known.heldAt = now
        else {
          this.#active.set(key, { rule, severity, subject, since: now, heldAt: now })
          edges.push({ rule, severity, subject, since: now, edge: 'start' })
        }
      }
    }
    for (const [key, { heldAt, ...alert }] of this.#active) {
      if (now - heldAt < this.#settings.endsAfter || heldAt === now) continue
      this.#active.delete(key)
      edges.push({ ...alert, edge: 'end' })
    }
    return edges
  }

  #countsBefore(counts: Counts, now: Ms): Counts {
    this.#past.push({ at: now, counts })
    const from = this.#past.findLastIndex(({ at }) => at <= now - this.#settings.over)
    if (from > 0) this.#past = this.#past.slice(from)
    return this.#past[0]!.counts
  }
}
