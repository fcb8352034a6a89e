// Issue and wiki assistant: Jira. What its breaker is recommended in production.
import type { Recommendation } from './recommendation.ts'

export const recommendations: readonly Recommendation[] = [
  {
    command:
      'npm run gatecrash -- tune jira-outage --seed 42 --policy production --set jira.breaker.failures=3..20 --set jira.breaker.recovery=10s..60s --trials 160',
    story: 'jira-outage',
    trials: 160,
    seeds: [42, 43, 44, 45, 46, 47, 48, 49],
    settings: {
      'jira.breaker.failures': { present: 5, recommended: 5 },
      'jira.breaker.recovery': { present: '30s', recommended: '37.4s' },
    },
    figures: {
      'worst margin': { present: '+20.1 %', recommended: '+20.1 %' },
      'wasted calls': { present: '13.4', recommended: '12.4' },
      'lost goodput': { present: '20.1 %', recommended: '16.7 %' },
      'false trips': { present: '0', recommended: '0' },
      'time to recover': { present: '22.3 s', recommended: '5.686 s' },
    },
    stories: {
      'jira-outage': { present: '5 of 5', recommended: '5 of 5' },
      'jira-slow-search': { present: '5 of 5', recommended: '5 of 5' },
      'jira-404-is-no-failure': { present: '5 of 5', recommended: '5 of 5' },
    },
    confirmed: 'live',
  },
]
