// All planted defects. `npm run sabotage` plays them; the end-to-end tests play those of the quick outage.
import { type Sabotage, edited, mutant } from './sabotage.ts'

/** A quarter of a minute; its gateway's recovery is a second. */
export const QUICK = 'test/end-to-end/scenarios/quick-outage.ts'

export const sabotages: readonly Sabotage[] = [
  mutant('M01', { scenario: QUICK, expect: ['never_opened'], visibleIn: 'traffic' }),
  mutant('M13', { scenario: QUICK, expect: ['never_half_open'], visibleIn: 'traffic' }),
  edited(
    'M06b',
    'no success closes it',
    'src/policies/breaker/breaker.ts',
    'if (condition.successes < this.#settings.successes) return',
    'return',
    { scenario: QUICK, expect: ['never_closed'], visibleIn: 'traffic' },
  ),
  edited(
    'M23',
    'POSTs are repeated',
    'src/policies/retry/retry.ts',
    'request.replayable && (request.idempotent ||',
    'request.replayable && (true ||',
    {
      scenario: QUICK,
      expect: ['unsafe_retry'],
      visibleIn: 'traffic',
    },
  ),
]
