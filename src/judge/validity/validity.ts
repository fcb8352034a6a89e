// Validity checks: what must hold for a verdict to be believed. In the order of a run: it happened, it was loaded, it was disturbed,
// it was observed. A new check is a file beside this one and its line in the table.
import type { CustomCriteria } from '../../criteria/custom.ts'
import type { Case } from '../../criteria/finding/raw-finding.ts'
import type { ValidityCheck } from '../verdict.ts'
import { answersSupported } from './answers-supported.ts'
import { breakerEvents } from './breaker-events.ts'
import { faultsBit } from './faults-bit.ts'
import { faultsCleared } from './faults-cleared.ts'
import { journalComplete } from './journal-complete.ts'
import { lateness } from './lateness.ts'
import { loadDelivered } from './load-delivered.ts'
import { loopDelay } from './loop-delay.ts'
import { phasesReached } from './phases-reached.ts'
import { processesLived } from './processes-lived.ts'
import { processorTime } from './processor-time.ts'
import { stolenTime } from './stolen-time.ts'
import { trafficOnFaults } from './traffic-on-faults.ts'
import { witnessesAgree } from './witnesses.ts'

const checks: readonly ((run: Case, custom: CustomCriteria) => ValidityCheck[])[] = [
  journalComplete,
  phasesReached,
  processesLived,
  loadDelivered,
  answersSupported,
  trafficOnFaults,
  faultsBit,
  faultsCleared,
  breakerEvents,
  witnessesAgree,
  // Stolen processor time explains the delays that follow it.
  stolenTime,
  lateness,
  loopDelay,
  processorTime,
]

export function checkValidity(run: Case, custom: CustomCriteria): ValidityCheck[] {
  return checks.flatMap((check) => check(run, custom))
}
