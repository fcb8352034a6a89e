// Debug toolkit: LangWatch. What its breaker is recommended in production.
import type { Recommendation } from './recommendation.ts'

export const recommendations: readonly Recommendation[] = [
  {
    command:
      'npm run gatecrash -- tune langwatch-404-storm --seed 42 --policy production --set langwatch.breaker.failures=2..12 --set langwatch.breaker.recovery=10s..60s --trials 160',
    story: 'langwatch-404-storm',
    trials: 160,
    seeds: [42, 43, 44, 45, 46, 47, 48, 49],
    settings: {
      'langwatch.breaker.failures': { present: 3, recommended: 5 },
      'langwatch.breaker.recovery': { present: '30s', recommended: '59.3s' },
    },
    figures: {
      'worst margin': { present: '+20.5 %', recommended: '+23.4 %' },
      'wasted calls': { present: '9.4', recommended: '10' },
      'lost goodput': { present: '17.3 %', recommended: '17 %' },
      'false trips': { present: '0', recommended: '0' },
      'time to recover': { present: '6.251 s', recommended: '5.116 s' },
    },
    stories: {
      'langwatch-404-storm': { present: '5 of 5', recommended: '5 of 5' },
      'langwatch-manual-reset': { present: '5 of 5', recommended: '5 of 5' },
      'langwatch-rate-limit': { present: '5 of 5', recommended: '5 of 5' },
    },
    confirmed: 'live',
  },
]
