// Compliance reporting: the evidence service. What its breaker is recommended in production.
import type { Recommendation } from './recommendation.ts'

export const recommendations: readonly Recommendation[] = [
  {
    command:
      'npm run gatecrash -- tune scenarios/tuning/evidence-search-outage.ts --seed 42 --policy production --set evidence-api.breaker.failures=3..20 --set evidence-api.breaker.recovery=10s..60s --trials 160',
    story: 'scenarios/tuning/evidence-search-outage.ts',
    trials: 160,
    seeds: [42, 43, 44, 45, 46, 47, 48, 49],
    settings: {
      'evidence-api.breaker.failures': { present: 5, recommended: 3 },
      'evidence-api.breaker.recovery': { present: '30s', recommended: '12.4s' },
    },
    figures: {
      'worst margin': { present: '+21.4 %', recommended: '+20.4 %' },
      'wasted calls': { present: '17.5', recommended: '17.8' },
      'lost goodput': { present: '22.6 %', recommended: '17.3 %' },
      'false trips': { present: '0', recommended: '0' },
      'time to recover': { present: '22.9 s', recommended: '1.992 s' },
    },
    stories: {
      'scenarios/tuning/evidence-search-outage.ts': { present: '5 of 5', recommended: '5 of 5' },
    },
    confirmed: 'live',
  },
]
