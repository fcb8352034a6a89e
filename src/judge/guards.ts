// What must hold for a verdict to be believed, in the order of a run: it happened, it was loaded, it was disturbed, it was observed.
import { answersBacked } from './guards/answers.ts'
import { breakerEvents } from './guards/breaker-events.ts'
import { loadDelivered } from './guards/delivery.ts'
import { faultsBit, trafficOnFaults } from './guards/faults.ts'
import { latenessGuard, loopDelays, processorTime, stolenTime } from './guards/health.ts'
import { journalComplete } from './guards/journal.ts'
import { phasesReached } from './guards/phases.ts'
import { processesLived } from './guards/processes.ts'
import { witnessesAgree } from './guards/witnesses.ts'
import type { Given } from './ruling.ts'
import type { Guard } from './verdict.ts'

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
