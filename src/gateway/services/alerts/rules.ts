// What is worth waking somebody for, in one table. A rule looks at figures, and names the subjects that it holds for: upstreams, or parts
// of the gateway.
import type { BreakerSnapshot } from '../../../policies/breaker/snapshot.ts'
import type { AlertsSettings } from './settings.ts'

/** What the rules look at. */
export interface Figures {
  breakers: ReadonlyMap<string, Pick<BreakerSnapshot, 'state'>>
  /** More than half of the breakers are open, or a part of the gateway itself is down. */
  isUnhealthy: boolean
  /** Parts of the gateway itself that are down, such as its store. */
  partsDown: readonly string[]
  /** Parts that do less than they should, such as a synchronisation that fails. */
  partsDegraded: readonly string[]
  /** Counted from load start: what is compared is how they grew. */
  counts: Counts
}

export interface Counts {
  /** By upstream. */
  attempts: ReadonlyMap<string, number>
  retries: ReadonlyMap<string, number>
  /** Webhooks moved to the dead letters. */
  deadLetters: number
  /** Deliveries that were not taken. */
  webhookFailures: number
  /** Operations that were marked as stuck. */
  stuckOperations: number
}

export interface AlertRule {
  severity: 'warning' | 'critical'
  /** The subjects that it holds for; `before`: the counts when the time looked at began. */
  look(now: Figures, before: Counts, settings: AlertsSettings): string[]
}

const STORE = 'store'

const inState = (state: BreakerSnapshot['state']): AlertRule['look'] => {
  return ({ breakers }) => [...breakers].flatMap(([name, breaker]) => (breaker.state === state ? [name] : []))
}
const when = (subject: string, holds: boolean): string[] => (holds ? [subject] : [])

export const alertRules = {
  store_unreachable: { severity: 'critical', look: ({ partsDown }) => when(STORE, partsDown.includes(STORE)) },
  breaker_open: { severity: 'critical', look: inState('open') },
  health_failing: { severity: 'critical', look: ({ isUnhealthy }) => when('gateway', isUnhealthy) },
  dead_letters_growing: {
    severity: 'critical',
    look: ({ counts }, before) => when('webhooks', counts.deadLetters > before.deadLetters),
  },
  operations_stuck: {
    severity: 'critical',
    look: ({ counts }, before) => when('operations', counts.stuckOperations > before.stuckOperations),
  },
  breaker_half_open: { severity: 'warning', look: inState('half_open') },
  part_degraded: { severity: 'warning', look: ({ partsDegraded }) => [...partsDegraded] },
  high_retry_rate: {
    severity: 'warning',
    look: ({ counts }, before, { retryShare, retryAttempts }) =>
      [...counts.attempts].flatMap(([name, attempts]) => {
        const made = attempts - (before.attempts.get(name) ?? 0)
        const again = (counts.retries.get(name) ?? 0) - (before.retries.get(name) ?? 0)
        return when(name, made >= retryAttempts && again > retryShare * made)
      }),
  },
  webhook_failures: {
    severity: 'warning',
    look: ({ counts }, before, settings) => when('webhooks', counts.webhookFailures - before.webhookFailures >= settings.webhookFailures),
  },
} as const satisfies Record<string, AlertRule>

export type AlertRuleName = keyof typeof alertRules
