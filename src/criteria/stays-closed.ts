// The breaker never leaves closed.
import { spells, transitionsOf } from './measure/breaker-history.ts'
import type { Rule } from './ruling.ts'
import { countIn, requestsIn, wholeRun, windowOf } from './measure/scope.ts'
import { stateWord } from '../contract/breaker-events.ts'
import { couldSlownessOpen } from './breaker-words.ts'
import { atTime, plural } from '../kernel/wording.ts'

export const staysClosed: Rule<'stays_closed'> = ({ upstream, during }, { plan, evidence }) => {
  const window = during ? windowOf(plan, during) : wholeRun(plan)
  const n = countIn(requestsIn(evidence, { upstream, phases: window.phases }))
  const phases = plan.phases.filter(({ name }) => during?.includes(name))
  const astray = spells(evidence, upstream).filter(
    ({ state, fromMs, toMs }) => state !== 'closed' && (!during || phases.some((phase) => fromMs < phase.endMs && toMs > phase.startMs)),
  )
  const openings = astray.filter(({ state }) => state === 'open').length
  const base = { n, measured: openings, interval: null, bound: 0, unit: 'transitions', good: 'below', window, breaker: upstream } as const
  const first = astray[0]
  if (first) {
    const told = transitionsOf(evidence, upstream).find((transition) => transition.atMs === first.fromMs)
    const why = `${stateWord(first.state)} ${atTime(first.fromMs)}${told ? ` (${told.cause})` : ''}, ${plural(openings, 'opening')} in all`
    const unhurried = couldSlownessOpen(plan, upstream)
    return { ...base, result: 'fail', cause: 'unexpected_transition', seen: true, unhurried, why }
  }
  if (n === 0) return { ...base, result: 'inconclusive', cause: 'no_samples', measured: null, why: `no request for ${upstream} was seen` }
  return { ...base, result: 'pass', why: `closed throughout ${plural(n, 'request')}` }
}
