// The breaker's states over the whole run are exactly the promised ones. A failed probe counts as still being open,
// unless the promise itself speaks of it (half-open → open).
import type { BreakerState } from '../../evidence/events.ts'
import { stateWord } from '../../scenario/criterion-text.ts'
import { spells, transitionsOf, withoutFailedProbes } from '../breaker-history.ts'
import type { Cause } from '../cause.ts'
import { eventsProblem } from '../guards/breaker-events.ts'
import type { Rule } from '../ruling.ts'
import { countIn, requestsIn, wholeRun } from '../scope.ts'
import { atTime, plural } from '../text.ts'
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
  if (missing !== undefined && matched === observed.length)
    return { ...facts, result: 'fail', ...missed(missing, raw), why: `${missedWords(missing, raw)}: ${went}` }

  // Where the run left the promised path: the transition into the first state that is not the promised one.
  const astray = observed[matched]!
  const opened = raw.filter((state) => state === 'open').length
  const closedBefore = observed.slice(1, matched).includes('closed')
  const at = transitionsOf(evidence, upstream).findLast(({ to }) => to === astray)
  // An event that was lost can make a good path look bad.
  const whole = eventsProblem(given) === undefined ? ({ seen: true } as const) : {}
  const cause: Cause = astray === 'open' && closedBefore ? 'reopened' : 'unexpected_transition'
  const why = `${cause === 'reopened' ? 'opened again' : stateWord(astray)}${at ? ` ${atTime(at.atMs)} (${at.cause})` : ''}, ${plural(opened, 'opening')} in all: ${went}`
  return { ...facts, result: 'fail', cause, ...whole, unhurried: couldSlownessOpen(plan, upstream), why }
}

function missed(state: BreakerState, raw: readonly BreakerState[]): { cause: Cause } {
  if (state === 'open') return { cause: 'never_opened' }
  if (state === 'half_open') return { cause: 'never_half_open' }
  // Still open after failed probes: the fold has hidden the probes, but they were made.
  return { cause: raw.includes('half_open') ? 'never_closed' : 'never_half_open' }
}

function missedWords(state: BreakerState, raw: readonly BreakerState[]): string {
  const probes = raw.filter((seen) => seen === 'half_open').length
  if (state === 'open') return 'never opened'
  return probes === 0 ? 'never half-open' : `half-open ${plural(probes, 'time')}, never closed`
}
