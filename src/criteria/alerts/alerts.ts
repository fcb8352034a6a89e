// alerts('breaker_open').startWithin(…) .endWithin(…) .stayOffDuring(…), alerts().noneFalse(): whether the gateway tells when something needs a person, and
// when it no longer does. A new one is a file here and its line in the table.
import { buildersOf, byKind } from '../criterion-type.ts'
import { alertEnds } from './ends.ts'
import { falseAlerts } from './none-false.ts'
import { alertStaysOff } from './stays-off.ts'
import { alertStarts } from './starts.ts'

export const alertCriteria = byKind([alertStarts, alertEnds, alertStaysOff, falseAlerts])

const steps = buildersOf(alertCriteria)

export type AlertCriteria = { [Step in keyof typeof steps]: ReturnType<(typeof steps)[Step]> }

/** `rule`: as the gateway names it; without one, alerts of any rule. */
export function alerts(rule?: string): AlertCriteria {
  // Object.fromEntries forgets which step belongs to which name.
  return Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, step(rule)])) as AlertCriteria
}
