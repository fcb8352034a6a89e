// Defects of retries, and of what is done with an upstream's failures.
import { QUICK, scenarioHere } from './scenarios.ts'
import { type Sabotage, edited, mutant } from './sabotage.ts'

export const RETRY = 'src/policies/retry/retry.ts'
export const repeatable = 'request.replayable && (request.idempotent ||'

export const retries: readonly Sabotage[] = [
  edited('M23', 'POSTs are repeated', RETRY, repeatable, 'request.replayable && (true ||', {
    scenario: QUICK,
    expect: ['unsafe_retry'],
    visibleIn: 'traffic',
  }),
  edited('J3', 'POSTs are repeated into a network that loses their answers', RETRY, repeatable, 'request.replayable && (true ||', {
    scenario: 'assemblyai-half-open',
    expect: ['unsafe_retry'],
    visibleIn: 'traffic',
  }),
  {
    id: 'J7',
    title: 'POSTs are repeated, each attempt with a key of its own',
    change: {
      edits: [
        { file: RETRY, find: repeatable, put: 'request.replayable && (true ||' },
        {
          file: 'src/gateway/upstream/transfer.ts',
          find: 'this.#target.pool.dispatch(this.#options, new GuardedHandler(this))',
          put: "const { headers } = this.#options as { headers: string[] }\n    this.#target.pool.dispatch({ ...this.#options, headers: [...headers, 'idempotency-key', crypto.randomUUID()] }, new GuardedHandler(this))",
        },
      ],
    },
    scenario: QUICK,
    expect: ['unsafe_retry'],
    visibleIn: 'traffic',
  },
  mutant('M26', { scenario: 'gemini-outage', expect: ['too_many_attempts'], visibleIn: 'traffic' }),
  mutant('M26b', { scenario: 'gemini-outage', expect: ['gave_up_early'], visibleIn: 'traffic' }),
  {
    id: 'J11',
    title: 'a request that fails is tried two hundred times',
    change: {
      edits: [
        { file: RETRY, find: 'failed.attempts >= this.#settings.attempts', put: 'failed.attempts >= 200' },
        { file: 'src/policies/retry/backoff.ts', find: 'full: (delay, draw) => delay * draw', put: 'full: () => 0' },
      ],
    },
    scenario: scenarioHere('some-fail'),
    expect: ['too_many_attempts', 'retry_storm'],
    visibleIn: 'traffic',
  },
  mutant('M27', { scenario: scenarioHere('some-fail'), expect: ['retry_storm'], visibleIn: 'traffic' }),
  mutant('M31', { scenario: 'gemini-outage', expect: ['retried_early'], visibleIn: 'traffic' }),
  mutant('M32', { scenario: 'gemini-outage', expect: ['retried_early'], visibleIn: 'traffic' }),
  edited(
    'M60',
    'an answer that asks to wait ends the process',
    'src/policies/retry/retry-after.ts',
    'return Number(text) * 1000',
    'process.exit(1)',
    { scenario: 'generic-429', expect: ['gateway_died'], visibleIn: 'traffic' },
  ),
  edited(
    'M38',
    'a client that leaves changes nothing upstream',
    'src/gateway/request/exchange.ts',
    'if (this.#answer.close()) this.#driven?.abort()',
    'this.#answer.close()',
    {
      scenario: scenarioHere('leaving-clients'),
      expect: ['abandoned_work'],
      visibleIn: 'traffic',
    },
  ),
  edited(
    'J4',
    'errors are told as 200',
    'src/gateway/request/client-answer.ts',
    'this.#response.writeHead(ending.status, headers)',
    'ending.status < 500 ? this.#response.writeHead(ending.status, headers) : this.#response.writeHead(200)',
    {
      scenario: 'generic-outage',
      expect: ['made_up'],
      visibleIn: 'traffic',
    },
  ),
]
