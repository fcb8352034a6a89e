// Weighs a ruling against the run's credibility: what was measured is only as good as what was sent, disturbed and observed.
//
//   anything      ──▶ fail           the gateway ended by itself
//   pass          ──▶ fail           the traffic contradicts the breaker events it rests on
//   pass          ──▶ inconclusive   something is missing that could have hidden a failure
//   fail          ──▶ inconclusive   it could still have turned, or the harness's slowness may have made it
//   inconclusive  ──▶ inconclusive   with the reason that lies deepest
import type { Cause } from '../criteria/cause.ts'
import { eventsProblem } from '../criteria/measure/breaker-account.ts'
import { deliveryText, missingLoad } from './validity/delivery.ts'
import { unbittenFault, unbittenText } from './validity/faults.ts'
import { slownessIn, slownessText } from './validity/health.ts'
import { endText, isComplete } from './validity/journal.ts'
import { unreachedPhase } from './validity/phases.ts'
import { deathBefore, deathText } from './validity/processes.ts'
import { contradiction } from './validity/witnesses.ts'
import type { Given, Ruling } from '../criteria/ruling.ts'

interface Doubt {
  cause: Cause
  why: string
}

export function weigh(ruling: Ruling, given: Given): Ruling {
  const death = deathBefore(given, ruling.window)
  if (death?.role === 'gateway') return { ...ruling, result: 'fail', cause: 'gateway_died', why: deathText(death) }
  if (ruling.result === 'fail') {
    const doubt = doubtInFailure(ruling, given)
    return doubt ? doubted(ruling, doubt) : ruling
  }
  const against = ruling.breaker === undefined ? undefined : contradiction(given, ruling.breaker)
  if (against !== undefined)
    return { ...ruling, result: 'fail', cause: 'contradiction', why: `${against}; by its own account, ${ruling.why}` }
  const doubt = whatIsMissing(ruling, given)
  return doubt ? doubted(ruling, doubt) : ruling
}

/** What could have hidden a failure, deepest reason first. */
function whatIsMissing(ruling: Ruling, given: Given): Doubt | undefined {
  const { window } = ruling
  if (!isComplete(given.evidence)) return { cause: 'incomplete', why: endText(given.evidence) }
  const death = deathBefore(given, window)
  if (death) return { cause: 'harness_unhealthy', why: deathText(death) }
  const unreached = unreachedPhase(given, window)
  if (unreached !== undefined) return { cause: 'phase_not_reached', why: `${unreached} was not reached` }
  const unbitten = unbittenFault(given, window)
  if (unbitten) return { cause: 'fault_never_bit', why: unbittenText(given, unbitten) }
  const missing = missingLoad(given, window)
  if (missing) return { cause: 'load_not_delivered', why: deliveryText(missing) }
  const problem = ruling.breaker === undefined ? undefined : eventsProblem(given, ruling.breaker)
  return problem === undefined ? undefined : { cause: 'no_breaker_events', why: problem }
}

/** What could have made a failure that the gateway is not to blame for, or could still undo it. */
function doubtInFailure(ruling: Ruling, given: Given): Doubt | undefined {
  const { window } = ruling
  const { evidence } = given
  if (!ruling.seen && !isComplete(evidence) && window.toMs > evidence.end.atMs) return { cause: 'incomplete', why: endText(evidence) }
  const death = deathBefore(given, window)
  // A dead fake or proxy looks to the gateway like a failing upstream.
  if (death && ruling.cause !== 'unsafe_retry') return { cause: 'harness_unhealthy', why: deathText(death) }
  if (ruling.breaker !== undefined && !ruling.seen) {
    const unbitten = unbittenFault(given, window)
    if (unbitten) return { cause: 'fault_never_bit', why: unbittenText(given, unbitten) }
    const problem = eventsProblem(given, ruling.breaker)
    if (problem !== undefined) return { cause: 'no_breaker_events', why: problem }
  }
  const slowness = slownessIn(given, window.phases)
  if (ruling.unhurried && ruling.unhurried(slowness) !== 'fail') return { cause: 'harness_unhealthy', why: slownessText(slowness) }
  return undefined
}

function doubted(ruling: Ruling, { cause, why }: Doubt): Ruling {
  const figures = ruling.result === 'inconclusive' && ruling.measured === null ? '' : ` (so far: ${ruling.why})`
  return { ...ruling, result: 'inconclusive', cause, why: why + figures }
}
