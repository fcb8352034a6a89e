// Podcast production: Gemini. What its breaker is recommended in production.
import type { Recommendation } from './recommendation.ts'

export const recommendations: readonly Recommendation[] = [
  {
    command:
      'npm run gatecrash -- tune gemini-outage --seed 42 --policy production --set gemini.breaker.failures=3..20 --set gemini.breaker.recovery=15s..90s --trials 160',
    story: 'gemini-outage',
    trials: 160,
    seeds: [42, 43, 44, 45, 46, 47, 48, 49],
    settings: {
      'gemini.breaker.failures': { present: 5, recommended: 5 },
      'gemini.breaker.recovery': { present: '60s', recommended: '18.6s' },
    },
    figures: {
      'worst margin': { present: '+20.0 %', recommended: '+20.0 %' },
      'wasted calls': { present: '14', recommended: '18' },
      'lost goodput': { present: '18.1 %', recommended: '16.8 %' },
      'false trips': { present: '0', recommended: '0' },
      'time to recover': { present: '13.7 s', recommended: '4.081 s' },
    },
    stories: {
      'gemini-outage': { present: '5 of 5', recommended: '5 of 5' },
      'gemini-flapping': { present: '5 of 5', recommended: '5 of 5' },
      'gemini-latency-spike': { present: '5 of 5', recommended: '5 of 5' },
      'gemini-impatient-clients': { present: '5 of 5', recommended: '5 of 5' },
      steady: { present: '5 of 5', recommended: '5 of 5' },
    },
    confirmed: 'live',
  },
]
