// breaker('gemini').staysClosed(): the breaker never leaves closed, in some phases or in the whole run, warm-up included.
import { stateWord } from '../../contract/breaker-events.ts'
import { atTime, plural } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne } from '../writing/fields.ts'
import { spells, transitionsOf } from '../measure/breaker/breaker-history.ts'
import { astrayWithoutDelay } from '../measure/excuse.ts'
import { countIn, requestsIn, wholeRun, windowOf } from '../measure/scope.ts'
import { during as duringPhases } from '../writing/notation.ts'

export const staysClosed = criterionType({
  kind: 'stays_closed',
  doc: {
    written: "breaker('gemini').staysClosed()",
    demands: 'The breaker never leaves closed.',
    over: { between: 'the phases that `during` names; without a name, the whole run, warm-up included' },
    counts: "The breaker's transitions.",
    samples: 'one request',
    undecided: 'No request for the upstream was seen, or breaker events are missing.',
  },
  fields: ofOne,
  build: {
    /** It never leaves closed: in these phases, or without any in the whole run. */
    staysClosed:
      (upstream: string) =>
      (...phases: string[]): WrittenCriterion =>
        written({ kind: 'stays_closed', upstream, ...duringPhases(phases) }),
  },
  relation: 'none',
  breaker: 'events',
  causes: ['unexpected_transition'],
  sentence: ({ upstream, during }) => `${upstream}'s breaker stays closed${inPhases(during)}`,
  phases: named,
  needs: () => 1,

  judge({ upstream, during }, run) {
    const { plan, evidence } = run
    const window = during ? windowOf(plan, during) : wholeRun(plan)
    const n = countIn(requestsIn(evidence, { upstream, phases: window.phases }))
    const phases = plan.phases.filter(({ name }) => during?.includes(name))
    const astray = spells(evidence, upstream).filter(
      ({ state, fromMs, toMs }) => state !== 'closed' && (!during || phases.some((phase) => fromMs < phase.endMs && toMs > phase.startMs)),
    )
    const openings = astray.filter(({ state }) => state === 'open').length
    const base = { n, measured: openings, interval: null, bound: 0, unit: 'transitions', window } as const
    const first = astray[0]
    if (first) {
      const told = transitionsOf(evidence, upstream).find((transition) => transition.atMs === first.fromMs)
      const why = `${stateWord(first.state)} ${atTime(first.fromMs)}${told ? ` (${told.cause})` : ''}, ${plural(openings, 'opening')} in all`
      return {
        ...base,
        result: 'fail',
        cause: 'unexpected_transition',
        witnessed: true,
        withoutHarnessDelay: astrayWithoutDelay(run, upstream, astray, 'every'),
        why,
      }
    }
    if (n === 0) return { ...base, result: 'inconclusive', cause: 'no_samples', measured: null, why: `no request for ${upstream} was seen` }
    return { ...base, result: 'pass', why: `closed throughout ${plural(n, 'request')}` }
  },
})
