// Defects of gateways that are not ours. They tell no events: all is seen in traffic.
import type { Cause } from '../../src/criteria/finding/cause.ts'
import type { foreignGateways } from '../foreign/gateways.ts'
import { scenarioHere } from './scenarios.ts'
import { type Sabotage, foreign } from './sabotage.ts'

const breaker = ['--expect', 'gemini.breaker.failures=5', '--expect', 'assemblyai.breaker.failures=5']

const of =
  (name: keyof typeof foreignGateways) =>
  (defect: string, scenario: string, expect: Cause[], flags: readonly string[] = []): Sabotage =>
    foreign(name, defect, { scenario, flags, expect, visibleIn: 'traffic' })

const opossum = of('opossum')
const gobreaker = of('gobreaker')
const resilience4j = of('resilience4j')

export const foreigners: readonly Sabotage[] = [
  opossum('no-breaker', 'generic-outage', ['never_opened'], breaker),
  opossum('retries-posts', 'generic-outage', ['unsafe_retry']),
  opossum('retry-storm', 'generic-outage', ['too_many_attempts', 'retry_storm', 'retried_early']),
  opossum('one-breaker-for-all', 'generic-outage', ['harmed']),
  opossum('errors-as-200', 'generic-outage', ['made_up']),
  gobreaker('never-recovers', 'generic-outage', ['never_half_open', 'not_recovered'], breaker),
  gobreaker('unlimited-probes', 'generic-hang', ['too_many_probes'], breaker),
  gobreaker('no-timeout', 'generic-hang', ['never_opened', 'too_slow']),
  gobreaker('outlives-its-client', scenarioHere('leaving-clients'), ['abandoned_work']),
  gobreaker('cut-bodies-pass', 'generic-bodies', ['damaged_body']),
  resilience4j('counts-404', 'generic-outage', ['unexpected_transition']),
  resilience4j('ignores-retry-after', 'generic-429', ['retried_early']),
  resilience4j('anothers-answer', scenarioHere('two-accounts'), ['leaked_answer']),
  resilience4j('buffers-streams', 'generic-streams', ['late_events', 'broken_stream']),
  resilience4j('stale-unmarked', 'generic-outage', ['fallback_unmarked']),
]
