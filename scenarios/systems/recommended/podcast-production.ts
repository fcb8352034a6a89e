// Podcast production: Gemini. What its breaker is recommended in production.
import type { Recommendation } from './recommendation.ts'

export const recommendations: readonly Recommendation[] = [
  {
    command:
      'npm run gatecrash -- tune gemini-outage --seed 42 --policy production --set gemini.breaker.failures=3..20 --set gemini.breaker.recovery=15s..90s --trials 40',
    story: 'gemini-outage',
    trials: 40,
    seeds: [42, 43],
    settings: {
      'gemini.breaker.failures': { present: 5, recommended: 3 },
      'gemini.breaker.recovery': { present: '60s', recommended: '60s' },
    },
    figures: {
      'worst margin': { present: '+20.0 %', recommended: '+20.0 %' },
      'wasted calls': { present: '12', recommended: '10' },
      'lost goodput': { present: '18.1 %', recommended: '18 %' },
      'false trips': { present: '0', recommended: '0' },
      'time to recover': { present: '14.3 s', recommended: '14.3 s' },
    },
    stories: {
      // What a call of three attempts does last lands in the fault: its waits are up to 3 s, and probes end 1 s before it.
      'gemini-outage': { present: '4 of 5', recommended: '5 of 5' },
      'gemini-flapping': { present: '0 of 5', recommended: '5 of 5' },
      'gemini-latency-spike': { present: '5 of 5', recommended: '5 of 5' },
      'gemini-impatient-clients': { present: '5 of 5', recommended: '5 of 5' },
      steady: { present: '5 of 5', recommended: '5 of 5' },
    },
    confirmed: 'simulated',
  },
]
