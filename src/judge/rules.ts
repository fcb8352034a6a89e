// The rule for each kind of criterion.
import type { CriterionKind } from '../scenario/criterion.ts'
import { amplification } from './criteria/amplification.ts'
import { closesWithin } from './criteria/closes-within.ts'
import { errorRate } from './criteria/error-rate.ts'
import { fastFail } from './criteria/fast-fail.ts'
import { goodput } from './criteria/goodput.ts'
import { latency } from './criteria/latency.ts'
import { noUnsafeRetries } from './criteria/no-unsafe-retries.ts'
import { opensWithin } from './criteria/opens-within.ts'
import { staysClosed } from './criteria/stays-closed.ts'
import { transitions } from './criteria/transitions.ts'
import { unharmed } from './criteria/unharmed.ts'
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
