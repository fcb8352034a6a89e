// Examples of criteria of alerts. gemini fails from 12 s to 22 s.
import type { alertCriteria } from '../../../src/criteria/alerts/alerts.ts'
import type { JournalEvent } from '../../../src/evidence/events.ts'
import type { Story } from '../../judge/history.ts'
import type { Examples } from './example.ts'

/** Alerts, each with its beginning and its end. */
export function alerted(...spells: [rule: string, fromMs: number, toMs?: number][]): Story {
  let sequence = 100
  const edge = (rule: string, t: number, which: 'start' | 'end'): JournalEvent => ({
    type: 'alert',
    t,
    sequence: sequence++,
    rule,
    severity: 'critical',
    edge: which,
    subject: 'gemini',
  })
  const also = spells.flatMap(([rule, fromMs, toMs]) => {
    const start = edge(rule, fromMs, 'start')
    return toMs === undefined ? [start] : [start, edge(rule, toMs, 'end')]
  })
  return { also }
}

const silent: Story = {}

export const alertExamples = (): Examples<keyof typeof alertCriteria> => ({
  alert_starts: {
    criterion: { kind: 'alert_starts', rule: 'breaker_open', phase: 'outage', withinMs: 1000 },
    pass: alerted(['breaker_open', 12_400, 23_000]),
    fail: { never_alerted: alerted(['high_retry_rate', 12_400, 23_000]), alerted_late: alerted(['breaker_open', 13_500, 23_000]) },
    inconclusive: { no_samples: silent, fault_never_bit: { ...alerted(['breaker_open', 12_400, 23_000]), faultSeen: false } },
  },
  alert_ends: {
    criterion: { kind: 'alert_ends', rule: 'breaker_open', phase: 'outage', withinMs: 2000 },
    pass: alerted(['breaker_open', 12_400, 23_500]),
    fail: { never_ended: alerted(['breaker_open', 12_400]) },
    inconclusive: { no_samples: alerted(['breaker_open', 12_400, 20_000]) },
  },
  alert_stays_off: {
    criterion: { kind: 'alert_stays_off', rule: 'breaker_open', phase: 'outage' },
    pass: alerted(['breaker_open', 40_000, 42_000], ['high_retry_rate', 12_400, 23_000]),
    fail: { alerted_in_vain: alerted(['breaker_open', 13_000, 15_000]) },
    inconclusive: {
      no_samples: alerted(['high_retry_rate', 12_400, 23_000]),
      fault_never_bit: { ...alerted(['breaker_open', 40_000, 42_000]), faultSeen: false },
    },
  },
  no_false_alerts: {
    criterion: { kind: 'no_false_alerts', aftermathMs: 5000 },
    // Half-open after the outage, as long as the open breaker's alert is on, is part of it.
    pass: alerted(['breaker_open', 12_400, 29_000], ['breaker_half_open', 28_000, 30_000]),
    fail: { false_alert: alerted(['breaker_open', 12_400, 23_000], ['high_retry_rate', 40_000, 42_000]) },
    inconclusive: { no_samples: silent },
  },
})
