// How scenarios write criteria, by name.
import { builders } from './criteria.ts'

export const {
  amplification,
  backToBaseline,
  breaker,
  errorRate,
  fallbacks,
  fastFail,
  goodput,
  p50,
  p95,
  p99,
  retries,
  unharmed,
  unsafeRetries,
} = builders
export type { WrittenCriterion } from './writing/call-site.ts'
