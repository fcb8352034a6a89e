// Issue and wiki assistant: Jira. What its breaker is recommended in production.
import type { Recommendation } from './recommendation.ts'

export const recommendations: readonly Recommendation[] = [
  {
    command:
      'npm run gatecrash -- tune jira-outage --seed 42 --policy production --set jira.breaker.failures=3..20 --set jira.breaker.recovery=10s..60s --trials 40',
    story: 'jira-outage',
    trials: 40,
    seeds: [42, 43],
    settings: {
      'jira.breaker.failures': { present: 5, recommended: 3 },
      'jira.breaker.recovery': { present: '30s', recommended: '43.7s' },
    },
    figures: {
      'worst margin': { present: '+22.7 %', recommended: '+22.7 %' },
      'wasted calls': { present: '12', recommended: '8' },
      'lost goodput': { present: '20.1 %', recommended: '19.5 %' },
      'false trips': { present: '0', recommended: '0' },
      'time to recover': { present: '22.6 s', recommended: '19.3 s' },
    },
    stories: {
      'jira-outage': { present: '5 of 5', recommended: '5 of 5' },
      'jira-slow-search': { present: '5 of 5', recommended: '5 of 5' },
      'jira-404-is-no-failure': { present: '5 of 5', recommended: '5 of 5' },
    },
    confirmed: 'live',
  },
]
