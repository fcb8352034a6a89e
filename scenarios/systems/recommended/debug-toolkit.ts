// Debug toolkit: LangWatch. What its breaker is recommended in production.
import type { Recommendation } from './recommendation.ts'

export const recommendations: readonly Recommendation[] = [
  {
    command:
      'npm run gatecrash -- tune langwatch-404-storm --seed 42 --policy production --set langwatch.breaker.failures=2..12 --set langwatch.breaker.recovery=10s..60s --trials 40',
    story: 'langwatch-404-storm',
    trials: 40,
    seeds: [42, 43],
    settings: {
      'langwatch.breaker.failures': { present: 3, recommended: 9 },
      'langwatch.breaker.recovery': { present: '30s', recommended: '56.2s' },
    },
    figures: {
      'worst margin': { present: '+23.3 %', recommended: '+24.2 %' },
      'wasted calls': { present: '12.5', recommended: '15' },
      'lost goodput': { present: '17.8 %', recommended: '16.7 %' },
      'false trips': { present: '0', recommended: '0' },
      'time to recover': { present: '7.66 s', recommended: '3.765 s' },
    },
    stories: {
      'langwatch-404-storm': { present: '5 of 5', recommended: '5 of 5' },
      'langwatch-manual-reset': { present: '5 of 5', recommended: '5 of 5' },
      'langwatch-rate-limit': { present: '5 of 5', recommended: '5 of 5' },
    },
    confirmed: 'live',
  },
]
