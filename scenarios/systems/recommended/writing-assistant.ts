// Writing assistant: Chroma. What its breaker is recommended in production.
import type { Recommendation } from './recommendation.ts'

export const recommendations: readonly Recommendation[] = [
  {
    command:
      'npm run gatecrash -- tune chroma-slow --seed 42 --policy production --set chroma.breaker.failures=3..20 --set chroma.breaker.recovery=15s..90s --trials 160',
    story: 'chroma-slow',
    trials: 160,
    seeds: [42, 43, 44, 45, 46, 47, 48, 49],
    settings: {
      'chroma.breaker.failures': { present: 5, recommended: 5 },
      'chroma.breaker.recovery': { present: '60s', recommended: '56.1s' },
    },
    figures: {
      'worst margin': { present: '+20.2 %', recommended: '+20.2 %' },
      'wasted calls': { present: '1,002.8', recommended: '1,002.8' },
      'lost goodput': { present: '15 %', recommended: '14.2 %' },
      'false trips': { present: '0', recommended: '0' },
      'time to recover': { present: '16.1 s', recommended: '7.3 s' },
    },
    stories: { 'chroma-slow': { present: '5 of 5', recommended: '5 of 5' } },
    confirmed: 'live',
  },
]
