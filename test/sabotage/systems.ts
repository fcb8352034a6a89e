// For each story of the five systems the defect that it is about: what the gateway must not do, and would do.
import { RETRY, repeatable } from './retries.ts'
import { type Sabotage, edited, mutant } from './sabotage.ts'

export const ADMISSION = 'src/gateway/request/admission.ts'
export const OWN_ROOM = 'if (upstream.inFlight <= inFlightPerUpstream) return undefined'
const TRANSFER = 'src/gateway/upstream/transfer.ts'
const CLASSES = '{ ...usual, ...classes }'

/** A defect that the policies' own tests know, as this story meets it. */
export const known = (id: string, scenario: string, expect: Sabotage['expect']): Sabotage => ({
  ...mutant(id, { scenario, expect, visibleIn: 'traffic' }),
  id: scenario,
})
const oneRoomForAll = (scenario: string): Sabotage =>
  edited(scenario, 'requests of all upstreams share one room', ADMISSION, OWN_ROOM, 'if (this.inFlight <= 50) return undefined', {
    scenario,
    expect: ['harmed'],
    visibleIn: 'traffic',
  })

export const systems: readonly Sabotage[] = [
  edited('langwatch-404-storm', "the setting of an upstream's classes is ignored", 'src/policies/classifier.ts', CLASSES, '{ ...usual }', {
    scenario: 'langwatch-404-storm',
    expect: ['never_opened'],
    visibleIn: 'traffic',
  }),
  edited(
    'langwatch-manual-reset',
    'a reset by hand does nothing',
    'src/policies/stack.ts',
    'reset: () => breaker?.reset(clock.now())',
    'reset: () => void clock.now()',
    { scenario: 'langwatch-manual-reset', expect: ['unexpected_transition', 'closed_late'], visibleIn: 'traffic' },
  ),
  edited(
    'langwatch-rate-limit',
    'whoever waited for a turn does not use it up',
    'src/policies/limits/rate-limit.ts',
    'if (this.dueIn(waiter, now) > 0) return false\n    this.#pacer.take(now)\n',
    'if (this.dueIn(waiter, now) > 0) return false\n',
    { scenario: 'langwatch-rate-limit', expect: ['too_fast'], visibleIn: 'traffic' },
  ),
  known('M01', 'jira-outage', ['never_opened']),
  edited(
    'jira-slow-search',
    'attempts have a hundred times the time that is set',
    TRANSFER,
    'deadlines.set(this, timeoutMs, startedAt)',
    'deadlines.set(this, 100 * timeoutMs, startedAt)',
    { scenario: 'jira-slow-search', expect: ['too_slow'], visibleIn: 'traffic' },
  ),
  known('M03', 'jira-404-is-no-failure', ['unexpected_transition']),
  known('M01', 'confluence-disconnects', ['never_opened']),
  edited('mongodb-connection-loss', 'POSTs are repeated', RETRY, repeatable, 'request.replayable && (true ||', {
    scenario: 'mongodb-connection-loss',
    expect: ['unsafe_retry'],
    visibleIn: 'traffic',
  }),
  known('M01', 'assemblyai-timeouts', ['never_opened']),
  known('M31', 'auphonic-429', ['retried_early']),
  edited(
    'elevenlabs-slow-drip',
    'a timeout waits for the head alone',
    TRANSFER,
    "    this.#phase = 'holding'\n",
    "    this.#phase = 'holding'\n    this.#target.transfers.deadlines.lift(this)\n",
    { scenario: 'elevenlabs-slow-drip', expect: ['never_opened'], visibleIn: 'traffic' },
  ),
  edited(
    'gcs-upload-limit',
    'the size of bodies is not limited',
    'src/gateway/request/exchange.ts',
    'maxBytes: settings.maxRequestBytes,',
    'maxBytes: 1e9,',
    { scenario: 'gcs-upload-limit', expect: ['not_carried'], visibleIn: 'traffic' },
  ),
  edited(
    'podcast-errors',
    'refusals do not name their request',
    'src/gateway/request/refusal.ts',
    '      request_id: requestId,\n',
    '      request_id: undefined as unknown as string,\n',
    {
      scenario: 'podcast-errors',
      expect: ['not_carried'],
      visibleIn: 'traffic',
    },
  ),
  edited(
    'podcast-errors-time',
    'answers do not tell how long they took',
    'src/gateway/request/client-answer.ts',
    '    headers.push(marks.responseTime, `${this.#elapsed().toFixed(1)}ms`)\n',
    '    void this.#elapsed()\n',
    { scenario: 'podcast-errors', expect: ['not_carried'], visibleIn: 'traffic' },
  ),
  edited(
    'podcast-rollout',
    'an upstream has room for two requests at once',
    ADMISSION,
    OWN_ROOM,
    'if (upstream.inFlight <= 2) return undefined',
    {
      scenario: 'podcast-rollout',
      expect: ['too_many_errors', 'too_many_failed_operations'],
      visibleIn: 'traffic',
    },
  ),
  edited(
    'llm-stream-breaks',
    'a stream that broke off ends as if it were whole',
    TRANSFER,
    'this.#relay?.destroy()',
    'this.#relay?.end({})',
    { scenario: 'llm-stream-breaks', expect: ['broken_stream'], visibleIn: 'traffic' },
  ),
  edited(
    'llm-failover',
    'a stream that broke off is begun anew',
    TRANSFER,
    '    this.cut = how\n    this.#relay?.destroy()\n',
    `    const relay = this.#relay
    if (this.cut !== undefined || !relay) return relay?.destroy()
    this.cut = how
    this.#target.pool.dispatch(this.#options, {
      onRequestStart() {},
      onResponseStart() {},
      onResponseData: (_controller, chunk) => relay.write(chunk),
      onResponseEnd: () => relay.end({}),
      onResponseError: () => relay.destroy(),
    })
`,
    { scenario: 'llm-failover', expect: ['broken_stream'], visibleIn: 'traffic' },
  ),
  edited(
    'stand-in-is-never-asked',
    'the stand-in is never asked',
    'src/policies/serve.ts',
    "if (substitute.use === 'route' && standIn) {",
    "if (substitute.use === 'route' && standIn === null) {",
    { scenario: 'llm-failover', expect: ['too_few_fallbacks', 'too_many_errors'], visibleIn: 'traffic' },
  ),
  known('M01', 'chroma-slow', ['never_opened']),
  oneRoomForAll('git-slow'),
  edited(
    'counts-attempts',
    'calls are counted in place of attempts',
    'src/policies/policy-set.ts',
    "breaker?.counts === 'calls'",
    'breaker !== undefined',
    {
      scenario: 'counts-attempts',
      expect: ['opened_late'],
      visibleIn: 'traffic',
    },
  ),
  edited('counts-calls', 'attempts are counted in place of calls', 'src/policies/policy-set.ts', "breaker?.counts === 'calls'", 'false', {
    scenario: 'counts-calls',
    expect: ['unexpected_transition'],
    visibleIn: 'traffic',
  }),
  edited(
    'counts-calls-waits',
    'a failed attempt is repeated at once',
    'src/policies/retry/backoff.ts',
    "if (settings.jitter === 'none') return delay\n",
    "if (settings.jitter === 'none') return delay / 1000\n",
    { scenario: 'counts-calls', expect: ['retried_early'], visibleIn: 'traffic' },
  ),
  edited(
    'webhook-receiver-outage',
    'what was not delivered is never tried again',
    'src/gateway/services/webhooks/courier.ts',
    'else this.#wait(after.reference_id, after.next_attempt_at - wallTime())',
    'else void wallTime',
    { scenario: 'webhook-receiver-outage', expect: ['left_waiting'], visibleIn: 'traffic' },
  ),
  edited(
    'webhook-poison',
    'dead letters are not kept',
    'src/gateway/services/webhooks/ledger.ts',
    "if (after.status === 'failed') within.put",
    "if (after.status === 'pending') within.put",
    { scenario: 'webhook-poison', expect: ['lost'], visibleIn: 'traffic' },
  ),
  edited(
    'evidence-api-down',
    'tasks are accepted whatever they depend on',
    'src/gateway/services/webhooks/webhooks.ts',
    'if (technical !== undefined) throw',
    "if (technical === '') throw",
    { scenario: 'evidence-api-down', expect: ['accepted_in_vain'], visibleIn: 'traffic' },
  ),
  edited(
    'redis-outage',
    'a webhook is accepted before the store has it',
    'src/gateway/services/webhooks/webhooks.ts',
    'const { is, webhook } = await unlessAway(() => ledger.accept(accepting), following.doubt)',
    `void ledger.accept(accepting).catch(() => {})
    const { task: sent, correlation: correlation_id, delivery: delivery_id } = accepting
    const now = wallTime()
    const is = 'new' as 'new' | 'other'
    const webhook: Webhook = { reference_id: reference, delivery_id, correlation_id, status: 'pending', attempts: 0, accepted_at: now, updated_at: now, task: sent }`,
    { scenario: 'redis-outage', expect: ['lost'], visibleIn: 'traffic' },
  ),
  edited(
    'gateway-restart',
    'the store is in memory alone',
    'src/gateway/stores/sqlite-driver.ts',
    'database = new DatabaseSync(path,',
    "database = new DatabaseSync(path === '' ? path : ':memory:',",
    { scenario: 'gateway-restart', expect: ['lost'], visibleIn: 'traffic' },
  ),
]
