// breaker('gemini').goes(…) .opensWithin(…) .closesWithin(…) .staysClosed() .probesAtMost(…) .recoversAfter(…) .blindTo(…): criteria about
// one breaker. A new one is a file here and its line in the table.
import { buildersOf, byKind } from '../criterion-type.ts'
import { type UpstreamRef, nameOf } from '../writing/notation.ts'
import { blindTo } from './blind-to.ts'
import { closesWithin } from './closes-within.ts'
import { goes } from './goes.ts'
import { opensWithin } from './opens-within.ts'
import { probesAtMost } from './probes-at-most.ts'
import { recoversAfter } from './recovers-after.ts'
import { staysClosed } from './stays-closed.ts'

export const breakerCriteria = byKind([goes, opensWithin, closesWithin, staysClosed, probesAtMost, recoversAfter, blindTo])

const steps = buildersOf(breakerCriteria)

export type BreakerCriteria = { [Step in keyof typeof steps]: ReturnType<(typeof steps)[Step]> }

export function breaker(of: UpstreamRef): BreakerCriteria {
  const upstream = nameOf(of)
  // Object.fromEntries forgets which step belongs to which name.
  return Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, step(upstream)])) as BreakerCriteria
}
