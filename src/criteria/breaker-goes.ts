// The breaker's states over the whole run are exactly the promised ones. A failed probe counts as still being open,
// unless the promise itself speaks of it (half-open → open).
import type { BreakerState } from '../contract/breaker-events.ts'
import { stateWord } from '../contract/breaker-events.ts'
import { spells, transitionsOf, withoutFailedProbes } from './measure/breaker-history.ts'
import type { Cause } from './cause.ts'
import { faultTimes } from './measure/fault-window.ts'
import { eventsProblem } from './measure/breaker-account.ts'
import type { Given, Rule } from './ruling.ts'
import { countIn, requestsIn, wholeRun } from './measure/scope.ts'
import { atTime, plural } from '../kernel/wording.ts'
import { couldSlownessOpen, statesText } from './breaker-words.ts'

export const transitions: Rule<'transitions'> = ({ upstream, sequence }, given) => {
  const { plan, evidence } = given
  const window = wholeRun(plan)
  const raw = spells(evidence, upstream).map((spell) => spell.state)
  const folds = withoutFailedProbes(sequence).length === sequence.length
  const observed = folds ? withoutFailedProbes(raw) : raw
  const differs = sequence.findIndex((state, at) => observed[at] !== state)
  const matched = differs < 0 ? sequence.length : differs
  const facts = {
    n: transitionsOf(evidence, upstream).length,
    measured: matched,
    interval: null,
    bound: sequence.length,
    unit: 'transitions',
    window,
    breaker: upstream,
  }
  if (countIn(requestsIn(evidence, { upstream, phases: window.phases })) === 0)
    return { ...facts, result: 'inconclusive', cause: 'no_samples', measured: null, why: `no request for ${upstream} was seen` }
  if (matched === sequence.length && observed.length === sequence.length)
    return { ...facts, result: 'pass', why: `it went ${statesText(raw)}` }

  const went = `it went ${statesText(raw)}, promised ${statesText(sequence)}`
  const missing = sequence[matched]
  if (missing !== undefined && matched === observed.length) {
    const { cause, words } = missed(missing, given, upstream)
    return { ...facts, result: 'fail', cause, why: `${words}: ${went}` }
  }

  // Where the run left the promised path: the transition into the first state that is not the promised one.
  const astray = observed[matched]!
  const opened = raw.filter((state) => state === 'open').length
  const closedBefore = observed.slice(1, matched).includes('closed')
  const at = transitionsOf(evidence, upstream).findLast(({ to }) => to === astray)
  // An event that was lost can make a good path look bad.
  const whole = eventsProblem(given, upstream) === undefined ? ({ seen: true } as const) : {}
  const cause: Cause = astray === 'open' && closedBefore ? 'reopened' : 'unexpected_transition'
  const why = `${cause === 'reopened' ? 'opened again' : stateWord(astray)}${at ? ` ${atTime(at.atMs)} (${at.cause})` : ''}, ${plural(opened, 'opening')} in all: ${went}`
  return { ...facts, result: 'fail', cause, ...whole, unhurried: couldSlownessOpen(plan, upstream), why }
}

/** How far the breaker got. A probe that failed while the fault was on says nothing: only later ones could have succeeded. */
function missed(state: BreakerState, { plan, evidence }: Given, upstream: string): { cause: Cause; words: string } {
  if (state === 'open') return { cause: 'never_opened', words: 'never opened' }
  const cleared = plan.faults.filter((fault) => fault.upstream === upstream).map((fault) => faultTimes(evidence, fault).clearedMs ?? 0)
  const sinceMs = Math.max(0, ...cleared)
  const probes = spells(evidence, upstream).filter((spell) => spell.state === 'half_open' && spell.toMs >= sinceMs).length
  const since = sinceMs > 0 ? ' after the fault' : ''
  return probes === 0
    ? { cause: 'never_half_open', words: `never half-open${since}` }
    : { cause: 'never_closed', words: `half-open ${plural(probes, 'time')}${since}, never closed` }
}
