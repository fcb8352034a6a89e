// What must hold for a verdict to be believed, in the order of a run: it happened, it was loaded, it was disturbed, it was observed.
import { answersBacked } from './answers.ts'
import { breakerEvents } from './breaker-events.ts'
import { loadDelivered } from './delivery.ts'
import { faultsBit, trafficOnFaults } from './faults.ts'
import { latenessGuard, loopDelays, processorTime, stolenTime } from './health.ts'
import { journalComplete } from './journal.ts'
import { phasesReached } from './phases.ts'
import { processesLived } from './processes.ts'
import { witnessesAgree } from './witnesses.ts'
import type { Given } from '../../criteria/ruling.ts'
import type { Guard } from '../verdict.ts'

const guards: readonly ((given: Given) => Guard[])[] = [
  journalComplete,
  phasesReached,
  processesLived,
  loadDelivered,
  answersBacked,
  trafficOnFaults,
  faultsBit,
  breakerEvents,
  witnessesAgree,
  // What the host withholds is behind all that is slow after it.
  stolenTime,
  latenessGuard,
  loopDelays,
  processorTime,
]

export function checkGuards(given: Given): Guard[] {
  return guards.flatMap((guard) => guard(given))
}
