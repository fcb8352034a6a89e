// Former names of what raw-finding.ts exports.
import type { Cause } from './cause.ts'
import type { RawFinding } from './raw-finding.ts'

export type { Case as Given, Result, Window } from './raw-finding.ts'
export type Ruling<Given extends Cause = Cause> = RawFinding<Given>
