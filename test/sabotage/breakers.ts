// Defects of breakers.
import { QUICK, scenarioHere } from './scenarios.ts'
import { type Sabotage, edited, mutant } from './sabotage.ts'

const BREAKER = 'src/policies/breaker/breaker.ts'
const late = scenarioHere('late')
const hungProbe = scenarioHere('hung-probe')
const impatient = scenarioHere('impatient')
const failureRate = scenarioHere('failure-rate')

export const breakers: readonly Sabotage[] = [
  mutant('M01', { scenario: QUICK, expect: ['never_opened'], visibleIn: 'traffic' }),
  mutant('M03', { scenario: 'gemini-outage', expect: ['unexpected_transition'], visibleIn: 'traffic' }),
  mutant('M04', { scenario: hungProbe, expect: ['too_many_probes'], visibleIn: 'traffic' }),
  edited('M06b', 'no success closes it', BREAKER, 'if (condition.successes < this.#settings.successes) return', 'return', {
    scenario: QUICK,
    expect: ['never_closed'],
    visibleIn: 'traffic',
  }),
  // Each late success lets a few pass before it opens again: traffic alone may take that for one worker of many, and then says so.
  mutant('M07', { scenario: late, expect: ['unexpected_transition'], visibleIn: 'events' }),
  mutant('M08', { scenario: late, expect: ['reopened', 'probed_late'], visibleIn: 'traffic' }),
  mutant('M09', { scenario: impatient, expect: ['never_closed', 'never_half_open', 'closed_late'], visibleIn: 'traffic' }),
  mutant('M10', { scenario: hungProbe, expect: ['never_closed', 'closed_late'], visibleIn: 'traffic' }),
  mutant('M11', { scenario: impatient, expect: ['too_many_at_once'], visibleIn: 'traffic' }),
  mutant('M12', { scenario: hungProbe, expect: ['too_slow'], visibleIn: 'events' }),
  mutant('M13', { scenario: QUICK, expect: ['never_half_open'], visibleIn: 'traffic' }),
  mutant('M18', { scenario: scenarioHere('slow-failures'), expect: ['never_opened'], visibleIn: 'traffic' }),
  edited(
    'J2',
    'it tells that it has closed as soon as it has opened, and no more',
    'src/gateway/admin/gateway-events.ts',
    '  tell(event: Unnumbered<GatewayEvent>): void {\n',
    `  tell(event: Unnumbered<GatewayEvent>): void {
    if (!('type' in event) && event.from !== 'closed') return
    if (!('type' in event)) queueMicrotask(() => this.#stream.send('transition', (sequence) => ({ sequence, ...event, from: 'open', to: 'closed' })))
`,
    { scenario: QUICK, expect: ['contradiction'], visibleIn: 'events' },
  ),
  mutant('M14', { scenario: late, expect: ['probed_late'], visibleIn: 'traffic' }),
  {
    id: 'M19',
    title: 'refusals dilute the rate of failures',
    change: {
      edits: [
        {
          file: BREAKER,
          find: '      this.#totals.rejected++',
          put: '      this.#totals.rejected++\n      this.#rules.record(false, 0, now)',
        },
        { file: BREAKER, find: 'this.#recovery.restart()\n      this.#rules.clear()', put: 'this.#recovery.restart()' },
      ],
    },
    scenario: failureRate,
    expect: ['opened_late', 'never_opened'],
    visibleIn: 'traffic',
  },
  edited(
    'M22',
    'no two calls have the same breaker',
    BREAKER,
    '    this.#openBy(this.#rules.record(failed, durationMs, now), now)',
    '    this.#rules.clear()\n    this.#openBy(this.#rules.record(failed, durationMs, now), now)',
    { scenario: QUICK, expect: ['never_opened'], visibleIn: 'traffic' },
  ),
  {
    id: 'J8',
    title: 'one request in ten passes for long after the closing',
    change: {
      edits: [
        {
          file: BREAKER,
          find: "      this.#become(CLOSED, 'probes_succeeded', now)",
          put: "      this.#become(CLOSED, 'probes_succeeded', now)\n      this.trickles = { until: now + 9500, turn: 0 }",
        },
        {
          file: BREAKER,
          find: '    if (this.#condition !== CLOSED) return this.#admitProbe(now)',
          put: '    if (this.#condition !== CLOSED) return this.#admitProbe(now)\n    if (now < this.trickles.until && this.trickles.turn++ % 10 !== 0) return 0',
        },
        {
          file: BREAKER,
          find: '  #lastFailureAt: Ms | null = null',
          put: '  #lastFailureAt: Ms | null = null\n  trickles = { until: 0, turn: 0 }',
        },
      ],
    },
    scenario: 'gemini-outage',
    expect: ['not_recovered', 'contradiction', 'closed_late'],
    visibleIn: 'traffic',
  },
  edited(
    'J9',
    'it is probed long before its time',
    BREAKER,
    'until: at + this.#recovery.take() }',
    'until: at + 0.12 * this.#recovery.take() }',
    { scenario: 'gemini-outage', expect: ['probed_early'], visibleIn: 'traffic' },
  ),
]
