import { expect, it } from 'vitest'
import { alertRules, type Figures } from '../../../../src/gateway/services/alerts/rules.ts'
import { alertsSettings } from '../../../../src/gateway/services/alerts/settings.ts'
import { AlertWatch } from '../../../../src/gateway/services/alerts/watch.ts'

const well = (change: Partial<Figures> = {}, counts: Partial<Figures['counts']> = {}): Figures => ({
  breakers: new Map([['gemini', { state: 'closed' }]]),
  isUnhealthy: false,
  partsDown: [],
  partsDegraded: [],
  counts: { attempts: new Map(), retries: new Map(), deadLetters: 0, webhookFailures: 0, stuckOperations: 0, ...counts },
  ...change,
})

/** Looks at each figure every 250 ms; what began or ended, as text. */
function told(looks: readonly Figures[], watch = new AlertWatch(alertsSettings.parse({}))): string[] {
  return looks.flatMap((figures, at) =>
    watch.look(figures, at * 250).map((edge) => `${at * 250} ${edge.edge} ${edge.rule} ${edge.subject}`),
  )
}

it('is silent while all is well', () => {
  expect(
    told(Array.from({ length: 100 }, () => well({}, { attempts: new Map([['gemini', 1000]]), retries: new Map([['gemini', 500]]) }))),
  ).toEqual([])
})

it('begins when a breaker opens, and ends once it has been closed for a second', () => {
  const open = well({ breakers: new Map([['gemini', { state: 'open' }]]) })
  expect(told([well(), open, open, well(), open, ...Array.from({ length: 6 }, () => well())])).toEqual([
    '250 start breaker_open gemini',
    '2000 end breaker_open gemini',
  ])
})

it.each<[string, Figures, string]>([
  ['store_unreachable', well({ partsDown: ['store'] }), 'store'],
  ['breaker_open', well({ breakers: new Map([['jira', { state: 'open' }]]) }), 'jira'],
  ['health_failing', well({ isUnhealthy: true }), 'gateway'],
  ['dead_letters_growing', well({}, { deadLetters: 1 }), 'webhooks'],
  ['operations_stuck', well({}, { stuckOperations: 1 }), 'operations'],
  ['breaker_half_open', well({ breakers: new Map([['jira', { state: 'half_open' }]]) }), 'jira'],
  ['part_degraded', well({ partsDegraded: ['sync'] }), 'sync'],
  ['high_retry_rate', well({}, { attempts: new Map([['jira', 100]]), retries: new Map([['jira', 21]]) }), 'jira'],
  ['webhook_failures', well({}, { webhookFailures: 3 }), 'webhooks'],
])('%s holds for its figures', (rule, figures, subject) => {
  expect(told([well(), figures])).toEqual([`250 start ${rule} ${subject}`])
})

it('has a rule for each of the above and no other', () => {
  expect(Object.entries(alertRules).map(([name, { severity }]) => `${severity} ${name}`)).toEqual([
    'critical store_unreachable',
    'critical breaker_open',
    'critical health_failing',
    'critical dead_letters_growing',
    'critical operations_stuck',
    'warning breaker_half_open',
    'warning part_degraded',
    'warning high_retry_rate',
    'warning webhook_failures',
  ])
})

it('compares counts with what they were a while ago: what stopped growing is over', () => {
  const grown = well({}, { deadLetters: 1 })
  expect(told([well(), ...Array.from({ length: 60 }, () => grown)])).toEqual([
    '250 start dead_letters_growing webhooks',
    // After 10 s the count has not grown for as long as is looked at; a second later it is over.
    '11000 end dead_letters_growing webhooks',
  ])
})

it('says nothing of a rate over a handful of attempts', () => {
  const few = well({}, { attempts: new Map([['jira', 19]]), retries: new Map([['jira', 19]]) })
  expect(told([well(), few])).toEqual([])
})
