// Compliance reporting: the evidence service. What its breaker is recommended in production.
import type { Recommendation } from './recommendation.ts'

export const recommendations: readonly Recommendation[] = [
  {
    command:
      'npm run gatecrash -- tune scenarios/tuning/evidence-search-outage.ts --seed 42 --policy production --set evidence-api.breaker.failures=3..20 --set evidence-api.breaker.recovery=10s..60s --trials 40',
    story: 'scenarios/tuning/evidence-search-outage.ts',
    trials: 40,
    seeds: [42, 43],
    settings: {
      'evidence-api.breaker.failures': { present: 5, recommended: 3 },
      'evidence-api.breaker.recovery': { present: '30s', recommended: '30s' },
    },
    figures: {
      'worst margin': { present: '+21.5 %', recommended: '+21.5 %' },
      'wasted calls': { present: '16.5', recommended: '15' },
      'lost goodput': { present: '17.5 %', recommended: '17.5 %' },
      'false trips': { present: '0', recommended: '0' },
      'time to recover': { present: '2.509 s', recommended: '2.525 s' },
    },
    stories: {
      'scenarios/tuning/evidence-search-outage.ts': { present: '5 of 5', recommended: '5 of 5' },
    },
    confirmed: 'live',
  },
]
