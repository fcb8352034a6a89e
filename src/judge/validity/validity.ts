// Validity checks: what must hold for a verdict to be believed. In the order of a run: it happened, it was loaded, it was disturbed,
// it was observed. A new check is a file beside this one and its line in the table.
import type { KnownCriterion } from '../../criteria/criterion.ts'
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

/** One kind of check, and what people are told of it. */
export interface CheckType {
  /** The first part of its ids: `fault_bit` of `fault_bit:F1`. */
  name: string
  /** What must hold, as a sentence. */
  demands: string
  /** What becomes of findings where it does not, as a sentence. */
  otherwise: string
  /** What to do about it, as a sentence. A run tells it more exactly. */
  remedy: string
  /** `known`: the plan's criteria, in its order. */
  check(run: Case, known: readonly KnownCriterion[]): ValidityCheck[]
}

const BLIND = 'What it touches cannot pass, since failures may be hidden.'
const SLOWER = 'A pass stands, since a slow harness only adds latency. A fail that it could explain becomes inconclusive.'
const PLAYED_OUT = 'Run it again, and let it finish.'
const HALF_RATE = 'Lower the rate (`--rate`), or use a larger machine; `doctor` measures what this one can.'

export const checks: readonly CheckType[] = [
  {
    name: 'journal_complete',
    demands: 'The run was recorded to its end.',
    otherwise: BLIND,
    remedy: PLAYED_OUT,
    check: journalComplete,
  },
  {
    name: 'phase_reached',
    demands: 'Every phase was played.',
    otherwise: BLIND,
    remedy: PLAYED_OUT,
    check: phasesReached,
  },
  {
    name: 'process',
    demands: 'Every process of the run lived as long as it was meant to.',
    otherwise: 'A gateway that died fails what was judged after it. Without a part of the harness nothing later can pass.',
    remedy: 'See the last lines of the process in the journal or the report.',
    check: processesLived,
  },
  {
    name: 'load_delivered',
    demands: 'At least 99 % of the planned requests of each judged phase were sent, and their results recorded.',
    otherwise: `${BLIND} Missing requests count as the slowest and as failing ones.`,
    remedy: HALF_RATE,
    check: loadDelivered,
  },
  {
    name: 'answered',
    demands: 'Good answers stand on attempts at the upstream: a gateway that makes up every answer passes any limit.',
    otherwise: BLIND,
    remedy: 'Let the gateway ask the upstream at the base URL that it was given.',
    check: answersSupported,
  },
  {
    name: 'traffic',
    demands: 'Whatever had a fault had requests that the fault could act on.',
    otherwise: BLIND,
    remedy: 'Put a route of that upstream into the load.',
    check: trafficOnFaults,
  },
  {
    name: 'fault_bit',
    demands: "Each fault was seen to act: in the fake's own log, by a canary through the proxy, or by a request to the gateway.",
    otherwise: BLIND,
    remedy: 'Send requests to that upstream in the phase of the fault.',
    check: faultsBit,
  },
  {
    name: 'fault_cleared',
    demands: 'Each fault was taken off when it should have ended.',
    otherwise: 'What is judged after it is inconclusive: its disturbance is no fault of the gateway.',
    remedy: 'Run it again, and see in the journal what kept the fault on.',
    check: faultsCleared,
  },
  {
    name: 'breaker_events',
    demands: 'Criteria about breakers have an account of their transitions without gaps: from the gateway, or inferred from traffic.',
    otherwise: BLIND,
    remedy: 'Let the gateway offer its event stream, or use `--observe traffic`.',
    check: breakerEvents,
  },
  {
    name: 'witnesses',
    demands: 'What the gateway says of its breakers agrees with what the upstreams received.',
    otherwise: 'Criteria about that breaker fail or are inconclusive: one of the two accounts is wrong.',
    remedy: 'Leave the events aside, and see what the traffic tells: `--observe traffic`.',
    check: witnessesAgree,
  },
  // Stolen processor time explains the delays that follow it.
  {
    name: 'stolen_time',
    demands: 'The machine got its processor time: its host gave little of it to other guests.',
    otherwise: SLOWER,
    remedy: 'Run on a machine whose host has fewer other guests.',
    check: stolenTime,
  },
  {
    name: 'lateness',
    demands: 'Requests were sent when they were due.',
    otherwise: SLOWER,
    remedy: HALF_RATE,
    check: lateness,
  },
  {
    name: 'loop_delay',
    demands: 'No process of the harness stood still for long.',
    otherwise: SLOWER,
    remedy: 'Run on a quieter machine; `doctor` measures what this one can.',
    check: loopDelay,
  },
  {
    name: 'cpu',
    demands: 'Every process of the harness had processor time left.',
    otherwise: SLOWER,
    remedy: HALF_RATE,
    check: processorTime,
  },
]

export function checkValidity(run: Case, known: readonly KnownCriterion[]): ValidityCheck[] {
  return checks.flatMap((type) => type.check(run, known))
}
