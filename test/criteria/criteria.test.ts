import { expect, it } from 'vitest'
import {
  amplification,
  backToBaseline,
  breaker,
  errorRate,
  fallbacks,
  fastFail,
  goodput,
  p50,
  p95,
  p99,
  retries,
  unharmed,
  unsafeRetries,
} from '../../src/criteria/builders.ts'
import { builders } from '../../src/criteria/criteria.ts'
import { type Criterion, criteria, criterionSchema, knownCriterion } from '../../src/criteria/criteria.ts'
import { verdictOf } from '../judge/history.ts'

const { streams, upstreamWork, effects, concurrency, pace, answers, identities, growth, saturation } = builders

const gemini = { name: 'gemini', module: 'fake-upstreams/gemini.ts' }

/** Every criterion as a scenario writes it, with its data and its sentence. */
const written = [
  {
    by: breaker('gemini').goes('closed', 'open', 'half_open', 'closed'),
    is: { kind: 'transitions', upstream: 'gemini', sequence: ['closed', 'open', 'half_open', 'closed'] },
    reads: "gemini's breaker goes closed → open → half-open → closed",
  },
  {
    by: breaker(gemini).opensWithin('1s').of('outage'),
    is: { kind: 'opens_within', upstream: 'gemini', phase: 'outage', withinMs: 1000 },
    reads: "gemini's breaker opens within 1 s of the fault in outage",
  },
  {
    by: breaker(gemini).closesWithin('8s').afterEndOf('outage'),
    is: { kind: 'closes_within', upstream: 'gemini', phase: 'outage', withinMs: 8000 },
    reads: "gemini's breaker closes within 8 s after the fault in outage",
  },
  { by: breaker(gemini).staysClosed(), is: { kind: 'stays_closed', upstream: 'gemini' }, reads: "gemini's breaker stays closed" },
  {
    by: breaker(gemini).staysClosed('steady', 'spike'),
    is: { kind: 'stays_closed', upstream: 'gemini', during: ['steady', 'spike'] },
    reads: "gemini's breaker stays closed during steady and spike",
  },
  {
    by: breaker(gemini).probesAtMost(1),
    is: { kind: 'probes_at_most', upstream: 'gemini', most: 1 },
    reads: "gemini's half-open breaker lets at most 1 request pass",
  },
  {
    by: breaker(gemini).recoversAfter('5s'),
    is: { kind: 'recovers_after', upstream: 'gemini', earliestMs: 5000, latestMs: 7500 },
    reads: "gemini's open breaker lets a probe pass after 5 s to 7.5 s",
  },
  {
    by: breaker(gemini).recoversAfter('5s', { atMost: '6s' }),
    is: { kind: 'recovers_after', upstream: 'gemini', earliestMs: 5000, latestMs: 6000 },
    reads: "gemini's open breaker lets a probe pass after 5 s to 6 s",
  },
  {
    by: streams(gemini).during('steady').firstEventWithin('1s'),
    is: { kind: 'first_event_within', upstream: 'gemini', during: ['steady'], quantile: 0.95, withinMs: 1000 },
    reads: "p95 of the first event of gemini's streams during steady is below 1 s",
  },
  {
    by: streams('gemini').gapsBelow('2s', { at: 0.99 }),
    is: { kind: 'gaps_below', upstream: 'gemini', quantile: 0.99, belowMs: 2000 },
    reads: "p99 of the longest gap of gemini's streams is below 2 s",
  },
  {
    by: streams('gemini').whole(),
    is: { kind: 'streams_whole', upstream: 'gemini' },
    reads: 'every stream of gemini arrives whole, and ends as it was ended',
  },
  {
    by: streams('gemini').failoverBeforeFirstEvent(),
    is: { kind: 'failover_before_first_event', upstream: 'gemini' },
    reads: 'no stream of gemini is begun anew after its first event',
  },
  {
    by: upstreamWork(gemini).during('outage').endsWithItsClient('1s'),
    is: { kind: 'work_ends_with_client', upstream: 'gemini', during: ['outage'], withinMs: 1000 },
    reads: 'no work at gemini during outage outlives its client by 1 s',
  },
  {
    by: effects('billing').during('outage').once(),
    is: { kind: 'effects_once', upstream: 'billing', during: ['outage'] },
    reads: 'billing does nothing twice for one request during outage',
  },
  {
    by: concurrency('gemini').atMost(10),
    is: { kind: 'concurrency_at_most', upstream: 'gemini', most: 10 },
    reads: 'at most 10 requests at once at gemini',
  },
  {
    by: pace('gemini').during('steady').atLeastApart('1s'),
    is: { kind: 'pace_at_most', upstream: 'gemini', during: ['steady'], most: 1, perMs: 1000, burst: 0 },
    reads: 'between two requests at gemini during steady pass at least 1 s',
  },
  {
    by: pace('gemini').atMost(10, { per: '1s', burst: 5 }),
    is: { kind: 'pace_at_most', upstream: 'gemini', most: 10, perMs: 1000, burst: 5 },
    reads: 'at most 10 requests and a burst of 5 at gemini in any 1 s',
  },
  {
    by: answers(gemini).during('outage').given(),
    is: { kind: 'answers_given', upstream: 'gemini', during: ['outage'] },
    reads: 'every good answer for gemini during outage was given by it, or says that it is a fallback',
  },
  {
    by: answers(gemini).unspoiled(),
    is: { kind: 'answers_unspoiled', upstream: 'gemini' },
    reads: 'no answer that gemini broke off or spoiled is handed on as a good one',
  },
  {
    by: answers(gemini).during('steady').intact(),
    is: { kind: 'answers_intact', upstream: 'gemini', during: ['steady'] },
    reads: 'answers of gemini during steady arrive as they were sent, byte for byte',
  },
  {
    by: answers('gemini').carry({ header: 'Retry-After' }, { of: ['limited', 'shed'] }),
    is: { kind: 'answers_carry', upstream: 'gemini', header: 'retry-after', outcomes: ['limited', 'shed'] },
    reads: 'every limited or shed of gemini carries the header retry-after',
  },
  {
    by: answers('gemini')
      .during('outage')
      .carry({ json: { error: { code: 'string', 'details?': ['any'] } } }),
    is: { kind: 'answers_carry', upstream: 'gemini', during: ['outage'], json: { error: { code: 'string', 'details?': ['any'] } } },
    reads: 'every answer of gemini during outage carries JSON of the shape {"error":{"code":"string","details?":["any"]}}',
  },
  {
    by: growth().memoryBelow('50MB'),
    is: { kind: 'memory_growth', belowBytes: 50_000_000 },
    reads: "the gateway's memory grows by less than 50 MB",
  },
  {
    by: saturation().throughputAbove(100),
    is: { kind: 'throughput_above', above: 100 },
    reads: 'throughput while it is saturated is above 100/s',
  },
  {
    by: saturation().during('crowd').throughputAbove('80%', { of: 'steady' }),
    is: { kind: 'throughput_above', during: ['crowd'], above: 0.8, of: 'steady' },
    reads: 'throughput during crowd is above 80 % of that in steady',
  },
  {
    by: saturation().shedsRatherThanCollapses({ servedWithin: '400ms' }),
    is: { kind: 'sheds_rather_than_collapses', servedWithinMs: 400, refusedWithinMs: 250 },
    reads: 'the gateway while it is saturated serves within 400 ms what it does not refuse within 250 ms',
  },
  {
    by: growth({ from: 'steady', to: 'recovery' }).descriptorsBelow(20),
    is: { kind: 'descriptor_growth', from: 'steady', to: 'recovery', below: 20 },
    reads: "the gateway's open files and sockets grow by less than 20 descriptors from steady to recovery",
  },
  {
    by: growth({ to: 'outage' }).processorBelow('10%'),
    is: { kind: 'processor_growth', to: 'outage', below: 0.1 },
    reads: "the gateway's processor time grows by less than 10 % of a core to outage",
  },
  {
    by: identities().during('steady', 'outage').keptApart(),
    is: { kind: 'identities_kept_apart', during: ['steady', 'outage'] },
    reads: "no identity gets another one's answer during steady and outage",
  },
  {
    by: breaker(gemini).blindTo(400, 404),
    is: { kind: 'breaker_blind_to', upstream: 'gemini', statuses: [400, 404] },
    reads: "400 and 404 never open gemini's breaker",
  },
  {
    by: p95().of(gemini).during('steady').below('300ms'),
    is: { kind: 'latency', quantile: 0.95, outcomes: ['ok'], belowMs: 300, upstream: 'gemini', during: ['steady'] },
    reads: 'p95 of gemini during steady is below 300 ms',
  },
  { by: p50().below(20), is: { kind: 'latency', quantile: 0.5, outcomes: ['ok'], belowMs: 20 }, reads: 'p50 is below 20 ms' },
  {
    by: p99().counting('ok', 'fallback').below('2s'),
    is: { kind: 'latency', quantile: 0.99, outcomes: ['ok', 'fallback'], belowMs: 2000 },
    reads: 'p99 is below 2 s (counting ok, fallback)',
  },
  {
    by: errorRate().during('recovery').below('0.1%'),
    is: { kind: 'error_rate', below: 0.001, during: ['recovery'] },
    reads: 'error rate during recovery is below 0.1 %',
  },
  {
    by: errorRate().of('gemini').below(0.05),
    is: { kind: 'error_rate', below: 0.05, upstream: 'gemini' },
    reads: 'error rate of gemini is below 5 %',
  },
  {
    by: goodput().of(gemini).during('outage').counting('ok', 'fallback').above('99.95%'),
    is: { kind: 'goodput', outcomes: ['ok', 'fallback'], above: 0.9995, upstream: 'gemini', during: ['outage'] },
    reads: 'goodput of gemini during outage is above 99.95 % (counting ok, fallback)',
  },
  {
    by: builders.failedOperations().of(gemini).during('steady').below('1%'),
    is: { kind: 'failed_operations', below: 0.01, fallbacks: 'fail', upstream: 'gemini', during: ['steady'] },
    reads: 'fewer than 1 % of operations of gemini during steady fail',
  },
  {
    by: builders.failedOperations().acceptingFallbacks().below('1%'),
    is: { kind: 'failed_operations', below: 0.01, fallbacks: 'suffice' },
    reads: 'fewer than 1 % of operations fail (a fallback will do)',
  },
  {
    by: amplification(gemini).during('flaky', 'outage').below(3),
    is: { kind: 'amplification', upstream: 'gemini', during: ['flaky', 'outage'], below: 3 },
    reads: 'attempts per request at gemini during flaky and outage stay below 3',
  },
  {
    by: fastFail(gemini).during('outage').below('50ms'),
    is: { kind: 'fast_fail', upstream: 'gemini', during: ['outage'], quantile: 0.95, belowMs: 50 },
    reads: "p95 of what gemini's open breaker refuses during outage is below 50 ms",
  },
  {
    by: fastFail(gemini).at(0.99).below('50ms'),
    is: { kind: 'fast_fail', upstream: 'gemini', quantile: 0.99, belowMs: 50 },
    reads: "p99 of what gemini's open breaker refuses is below 50 ms",
  },
  {
    by: unsafeRetries(gemini).during('outage').none(),
    is: { kind: 'no_unsafe_retries', upstream: 'gemini', during: ['outage'] },
    reads: 'no unsafe request reaches gemini twice during outage',
  },
  {
    by: unharmed('assemblyai').comparedWith('steady'),
    is: { kind: 'unharmed', upstream: 'assemblyai', comparedWith: 'steady', latencyRatio: 1.5, latencySlackMs: 20, errorRateBelow: 0.01 },
    reads: 'assemblyai is as well during faults as in steady',
  },
  {
    by: retries(gemini).attemptsAtMost(3),
    is: { kind: 'attempts_at_most', upstream: 'gemini', most: 3 },
    reads: 'no request is tried more than 3 times at gemini',
  },
  {
    by: retries(gemini).attemptsReach(3),
    is: { kind: 'attempts_reach', upstream: 'gemini', least: 3 },
    reads: 'a request that keeps failing is tried 3 times at gemini',
  },
  {
    by: retries('gemini').during('flaky').spacedAtLeast('100ms'),
    is: { kind: 'retries_spaced', upstream: 'gemini', during: ['flaky'], leastMs: 100 },
    reads: 'retries at gemini during flaky come at least 100 ms after what they repeat',
  },
  {
    by: retries('gemini').during('busy').honourRetryAfter(),
    is: { kind: 'retry_after_honoured', upstream: 'gemini', during: ['busy'] },
    reads: 'no retry at gemini during busy comes before its Retry-After has passed',
  },
  {
    by: retries('gemini').notAfter(400, 404),
    is: { kind: 'no_retry_after', upstream: 'gemini', statuses: [400, 404] },
    reads: 'no request is tried again after 400 or 404 of gemini',
  },
  {
    by: fallbacks(gemini).during('outage').above('90%'),
    is: { kind: 'fallbacks_above', upstream: 'gemini', during: ['outage'], above: 0.9 },
    reads: 'more than 90 % of requests for gemini during outage get a fallback',
  },
  {
    by: fallbacks('gemini').during('recovery').below('1%'),
    is: { kind: 'fallbacks_below', upstream: 'gemini', during: ['recovery'], below: 0.01 },
    reads: 'fewer than 1 % of requests for gemini during recovery get a fallback',
  },
  {
    by: fallbacks('gemini').marked(),
    is: { kind: 'fallbacks_marked', upstream: 'gemini' },
    reads: 'every fallback for gemini is marked as one',
  },
  {
    by: fallbacks('gemini').noOlderThan('60s'),
    is: { kind: 'fallbacks_fresh', upstream: 'gemini', oldestMs: 60_000 },
    reads: 'no fallback for gemini is older than 60 s',
  },
  {
    by: builders.goodputAfter('outage').of('gemini').within('5s').comparedWith('steady', { above: '95%' }),
    is: { kind: 'goodput_after', upstream: 'gemini', after: 'outage', withinMs: 5000, comparedWith: 'steady', above: 0.95 },
    reads: '5 s after outage, goodput of gemini is above 95 % of that in steady',
  },
  {
    by: backToBaseline('gemini').after('outage').within('8s').comparedWith('steady'),
    is: {
      kind: 'back_to_baseline',
      upstream: 'gemini',
      after: 'outage',
      withinMs: 8000,
      comparedWith: 'steady',
      latencyRatio: 1.5,
      latencySlackMs: 20,
      errorRateBelow: 0.02,
    },
    reads: '8 s after outage, gemini is as in steady',
  },
  {
    by: builders.restoredWithin('30s').after('outage'),
    is: { kind: 'restored_within', phase: 'outage', withinMs: 30_000 },
    reads: 'users are served as before within 30 s after the fault in outage',
  },
  {
    by: builders.alerts().startWithin('5s').of('outage'),
    is: { kind: 'alert_starts', phase: 'outage', withinMs: 5000 },
    reads: 'an alert starts within 5 s of the fault in outage',
  },
  {
    by: builders.alerts('breaker_open').endWithin('8s').afterEndOf('outage'),
    is: { kind: 'alert_ends', rule: 'breaker_open', phase: 'outage', withinMs: 8000 },
    reads: 'the alert breaker_open ends within 8 s after the fault in outage',
  },
  {
    by: builders.alerts('part_degraded').stayOffDuring('flicker'),
    is: { kind: 'alert_stays_off', rule: 'part_degraded', phase: 'flicker' },
    reads: 'the alert part_degraded stays off during the fault in flicker',
  },
  {
    by: builders.alerts().noneFalse({ aftermath: '10s' }),
    is: { kind: 'no_false_alerts', aftermathMs: 10_000 },
    reads: 'no alert is a false one',
  },
  {
    by: builders.operations('episode').conserved({ doneBy: 'auphonic', failedAtMost: 0, pendingAtMost: 5 }),
    is: { kind: 'operations_conserved', route: 'episode', doneBy: 'auphonic', failedAtMost: 0, pendingAtMost: 5 },
    reads: 'every accepted episode is done once by auphonic, failed (at most 0) or pending (at most 5)',
  },
  {
    by: builders.webhooks('send').conserved({ pendingAtMost: 5 }),
    is: { kind: 'webhooks_conserved', route: 'send', pendingAtMost: 5 },
    reads: 'every accepted send is delivered, dead-lettered or pending, at most 5 the latter',
  },
  {
    by: builders.webhooks('send').deliveredOnce(),
    is: { kind: 'webhooks_once', route: 'send' },
    reads: 'no send is delivered again after its receiver took it',
  },
  {
    by: builders.webhooks('send').outliveRestart(),
    is: { kind: 'webhooks_outlive', route: 'send' },
    reads: 'the status of every send outlives a restart of the gateway',
  },
  {
    by: builders.webhooks('send').notAfterRefusal(),
    is: { kind: 'webhooks_not_after_refusal', route: 'send' },
    reads: 'no send is delivered again after its receiver called it wrong',
  },
  {
    by: builders.webhooks('send').refusedDuring('outage'),
    is: { kind: 'webhooks_refused', route: 'send', phase: 'outage', afterMs: 2000 },
    reads: 'no send is accepted during outage, from 2 s after its fault',
  },
] as const

it.each(written)('states: $reads', ({ by, is, reads }) => {
  expect(by.criterion).toEqual(is)
  expect(criterionSchema.parse(JSON.parse(JSON.stringify(by.criterion)))).toEqual(by.criterion)
  expect(knownCriterion(by.criterion).sentence).toBe(reads)
})

it('has a way to write every kind of criterion', () => {
  expect(new Set(written.map(({ by }) => by.criterion.kind))).toEqual(new Set(Object.keys(criteria)))
})

it.each([
  ['an unknown kind', { kind: 'luck' }, 'unknown criterion "luck"; known: transitions, '],
  ['a field of another type', { kind: 'amplification', upstream: 'gemini', below: '3' }, 'below'],
  ['a field that is missing', { kind: 'stays_closed' }, 'upstream'],
  ['a field that no such criterion has', { kind: 'stays_closed', upstream: 'gemini', within: 3 }, 'within'],
  ['a state that no breaker has', { kind: 'transitions', upstream: 'gemini', sequence: ['closed', 'opne'] }, 'did you mean "open"'],
])('refuses data with %s', (_, data, message) => {
  expect(JSON.stringify(criterionSchema.safeParse(data).error?.issues)).toContain(JSON.stringify(message).slice(1, -1))
})

it('passes nothing about a misspelt upstream or phase', async () => {
  const slips = { upstream: 'gemimi', phase: 'outag', comparedWith: 'steddy', during: ['recovry'] }
  const misspelt = written.flatMap(({ by: { criterion } }) =>
    Object.entries(slips).flatMap(([field, slip]) => (field in criterion ? [Object.assign({}, criterion, { [field]: slip })] : [])),
  )
  expect(misspelt.length).toBeGreaterThan(20)
  const verdict = await verdictOf(misspelt as Criterion[])
  expect(verdict.findings.filter(({ result }) => result === 'pass').map(({ sentence }) => sentence)).toEqual([])
})

it.each([
  ['p95', p95().below('1s'), 59],
  ['p99', p99().below('1s'), 299],
  ['no errors below 0.1 %', errorRate().below('0.1%'), 2995],
  ['no errors below 1 %', errorRate().below('1%'), 299],
  ['unharmed, errors below 1 %', unharmed('a').comparedWith('steady'), 299],
  ['a breaker', breaker('a').staysClosed(), 1],
  ['up to three attempts', amplification('a').below(3), 12],
  ['up to 1.1 attempts', amplification('a').below(1.1), 269],
])('%s needs %#', (_name, { criterion }, needed) => {
  expect(knownCriterion(criterion).needs).toBe(needed)
})
