// Writing assistant: Chroma. What its breaker is recommended in production.
import type { Recommendation } from './recommendation.ts'

export const recommendations: readonly Recommendation[] = [
  {
    command:
      'npm run gatecrash -- tune chroma-slow --seed 42 --policy production --set chroma.breaker.failures=3..20 --set chroma.breaker.recovery=15s..90s --trials 40',
    story: 'chroma-slow',
    trials: 40,
    seeds: [42, 43],
    settings: {
      'chroma.breaker.failures': { present: 5, recommended: 3 },
      'chroma.breaker.recovery': { present: '60s', recommended: '60s' },
    },
    figures: {
      'worst margin': { present: '+20.3 %', recommended: '+20.3 %' },
      'wasted calls': { present: '1,003.5', recommended: '1,001.5' },
      'lost goodput': { present: '15 %', recommended: '15 %' },
      'false trips': { present: '0', recommended: '0' },
      'time to recover': { present: '16.2 s', recommended: '16.2 s' },
    },
    stories: { 'chroma-slow': { present: '5 of 5', recommended: '5 of 5' } },
    confirmed: 'live',
  },
]
