// Weighs a raw finding against the run's credibility: it is only as good as what was sent, disturbed and observed.
//
//   anything      ──▶ fail           the gateway ended by itself
//   pass          ──▶ fail           the traffic contradicts the breaker events it rests on
//   pass          ──▶ inconclusive   something is missing that could have hidden a failure
//   fail          ──▶ inconclusive   it could still have turned, or the harness's delay may have made it
//   inconclusive  ──▶ inconclusive   with the deepest reason
import type { Cause } from '../criteria/finding/cause.ts'
import { eventsProblem } from '../criteria/measure/breaker/breaker-account.ts'
import { transitionsOf } from '../criteria/measure/breaker/breaker-history.ts'
import type { Case, RawFinding } from '../criteria/finding/raw-finding.ts'
import type { Lack } from '../plan/ability.ts'
import { harnessDelayIn, harnessDelayText } from './harness-delay.ts'
import { deliveryText, missingLoad } from './validity/load-delivered.ts'
import { unbittenFault, unbittenText } from './validity/faults-bit.ts'
import { isComplete, unclearedFault } from '../criteria/measure/fault-window.ts'
import { unclearedText } from './validity/faults-cleared.ts'
import { endText } from './validity/journal-complete.ts'
import { unreachedPhase } from './validity/phases-reached.ts'
import { deathBefore, deathText } from './validity/processes-lived.ts'
import { contradiction, partOfWorkers } from './validity/witnesses.ts'

interface Doubt {
  cause: Cause
  why: string
  absent?: Lack
}

/** What may be believed of `raw`. `breaker` is the upstream on whose breaker events it rests, if it rests on any. */
export function credible(raw: RawFinding, run: Case, breaker: string | undefined): RawFinding {
  const { absent: _absent, ...present } = raw
  const death = deathBefore(run, raw.window)
  if (death?.role === 'gateway') return { ...present, result: 'fail', cause: 'gateway_died', why: deathText(death) }
  // That users are not served again has a deeper reason where the breaker calls itself closed and lets nothing pass.
  if (raw.result === 'fail' && raw.cause !== 'not_recovered') {
    const doubt = doubtInFailure(raw, run, breaker)
    return doubt ? doubted(raw, doubt) : raw
  }
  const against = breaker === undefined ? undefined : contradiction(run, breaker)
  if (against !== undefined)
    return { ...present, result: 'fail', cause: 'contradiction', why: `${against}; by its own account, ${raw.why}` }
  const doubt = raw.result === 'fail' ? doubtInFailure(raw, run, breaker) : missing(raw, run, breaker)
  return doubt ? doubted(raw, doubt) : raw
}

/** What could have hidden a failure, deepest reason first. */
function missing({ window }: RawFinding, run: Case, breaker: string | undefined): Doubt | undefined {
  if (!isComplete(run.evidence)) return { cause: 'incomplete', why: endText(run.evidence) }
  const death = deathBefore(run, window)
  if (death) return { cause: 'harness_unhealthy', why: deathText(death) }
  const unreached = unreachedPhase(run, window)
  if (unreached !== undefined) return { cause: 'phase_not_reached', why: `${unreached} was not reached` }
  const unbitten = unbittenFault(run, window)
  if (unbitten) return { cause: 'fault_never_bit', why: unbittenText(run, unbitten) }
  const uncleared = unclearedFault(run.plan, run.evidence, window.toMs)
  if (uncleared) return { cause: 'fault_not_cleared', why: unclearedText(run, uncleared) }
  const delivery = missingLoad(run, window)
  if (delivery) return { cause: 'load_not_delivered', why: deliveryText(delivery) }
  return breaker === undefined ? undefined : doubtInAccount(run, breaker)
}

/** What is wrong with the account of the breaker's states, told or inferred. */
function doubtInAccount(run: Case, breaker: string): Doubt | undefined {
  const problem = eventsProblem(run, breaker)
  if (problem !== undefined) return untold(problem, run, breaker)
  const partly = partOfWorkers(run, breaker)
  return partly === undefined ? undefined : { cause: 'partly_open', why: partly }
}

/** A breaker of which there is no sign at all may not be there. */
function untold(why: string, { evidence }: Case, breaker: string): Doubt {
  const isSilent = transitionsOf(evidence, breaker).length === 0
  return { cause: 'no_breaker_events', why, ...(isSilent && { absent: 'breaker' }) }
}

/** What a gateway may never do, however its upstreams fail. */
const inexcusable: ReadonlySet<Cause | undefined> = new Set<Cause>(['unsafe_retry', 'done_twice'])
const isInexcusable = ({ cause }: RawFinding): boolean => inexcusable.has(cause)

/** What could have made a failure that the gateway is not to blame for, or could still undo it. */
function doubtInFailure(raw: RawFinding, run: Case, breaker: string | undefined): Doubt | undefined {
  const { window, witnessed } = raw
  const { plan, evidence } = run
  if (!witnessed && !isComplete(evidence) && window.toMs > evidence.end.atMs) return { cause: 'incomplete', why: endText(evidence) }
  const death = deathBefore(run, window)
  // A dead fake or proxy looks to the gateway like a failing upstream.
  if (death && !isInexcusable(raw)) return { cause: 'harness_unhealthy', why: deathText(death) }
  if (breaker !== undefined && !witnessed) {
    const unbitten = unbittenFault(run, window)
    if (unbitten) return { cause: 'fault_never_bit', why: unbittenText(run, unbitten) }
  }
  // What is inferred was not seen itself.
  if (breaker !== undefined && (!witnessed || run.inferred?.has(breaker) === true)) {
    const doubt = doubtInAccount(run, breaker)
    // Users who are not served are not, in however many workers the breaker is open.
    if (doubt && !(doubt.cause === 'partly_open' && raw.cause === 'not_recovered')) return doubt
  }
  const uncleared = unclearedFault(plan, evidence, window.toMs)
  // The fault goes on where the criterion expects it to be over.
  if (uncleared && !isInexcusable(raw)) return { cause: 'fault_not_cleared', why: unclearedText(run, uncleared) }
  const delay = harnessDelayIn(run, window.phases)
  const excused = raw.withoutHarnessDelay !== undefined && raw.withoutHarnessDelay(delay) !== 'fail'
  return excused ? { cause: 'harness_unhealthy', why: harnessDelayText(delay) } : undefined
}

/** What may not have been seen is not known to be absent. */
function doubted({ absent: _absent, remedy: _remedy, ...raw }: RawFinding, { why, ...doubt }: Doubt): RawFinding {
  const figures = raw.result === 'inconclusive' && raw.measured === null ? '' : ` (so far: ${raw.why})`
  return { ...raw, ...doubt, result: 'inconclusive', why: why + figures }
}
