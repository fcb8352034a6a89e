// How client requests of one upstream ended: plain numbers, read when somebody asks for metrics.
import type { Ms } from '../../kernel/clock.ts'

/** Upper bounds of the duration histogram, in seconds; Prometheus' defaults and two above for slow upstreams. */
export const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const

export class RequestCounts {
  /** By outcome and reason: two closed sets, so the number of series is bounded. */
  readonly requests = new Map<string, Map<string, number>>()
  /** One count per bucket and one beyond the last. */
  readonly durations = new Float64Array(DURATION_BUCKETS.length + 1)
  durationSum = 0
  attempts = 0
  retries = 0
  /** Changes of the breaker's state, by the state that was entered. */
  readonly transitions = { closed: 0, open: 0, half_open: 0 }

  /** `reason`: `none`, or why the upstream's own good answer was not given. */
  add(outcome: string, reason: string, attempts: number, duration: Ms): void {
    let reasons = this.requests.get(outcome)
    if (!reasons) this.requests.set(outcome, (reasons = new Map()))
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    this.attempts += attempts
    if (attempts > 1) this.retries += attempts - 1
    const seconds = duration / 1000
    this.durationSum += seconds
    const bucket = DURATION_BUCKETS.findIndex((bound) => seconds <= bound)
    this.durations[bucket < 0 ? DURATION_BUCKETS.length : bucket]!++
  }
}
