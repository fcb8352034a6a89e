// The rule for each kind of criterion.
import type { CriterionKind } from './criterion.ts'
import { amplification } from './amplification.ts'
import { closesWithin } from './closes-within.ts'
import { errorRate } from './error-rate.ts'
import { fastFail } from './fast-fail.ts'
import { goodput } from './goodput.ts'
import { latency } from './latency.ts'
import { noUnsafeRetries } from './unsafe-retries.ts'
import { opensWithin } from './opens-within.ts'
import { staysClosed } from './stays-closed.ts'
import { transitions } from './breaker-goes.ts'
import { unharmed } from './unharmed.ts'
import type { Rule } from './ruling.ts'

export const rules: { [Kind in CriterionKind]: Rule<Kind> } = {
  transitions,
  opens_within: opensWithin,
  closes_within: closesWithin,
  stays_closed: staysClosed,
  latency,
  error_rate: errorRate,
  goodput,
  amplification,
  fast_fail: fastFail,
  no_unsafe_retries: noUnsafeRetries,
  unharmed,
}
