// breaker('gemini').goes('closed', 'open', 'half_open', 'closed'): the breaker's states over the whole run are exactly these. A failed
// probe counts as still being open, unless the promise itself speaks of it (half-open → open).
import { actsOn } from '../../faults/fault.ts'
import * as z from 'zod'
import { type BreakerState, stateWord } from '../../contract/breaker-events.ts'
import { atTime, plural } from '../../kernel/wording.ts'
import { suggest } from '../../kernel/validation.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import type { CriterionProblem } from '../criterion.ts'
import { criterionType } from '../criterion-type.ts'
import { ofOne } from '../writing/fields.ts'
import { eventsProblem } from '../measure/breaker/breaker-account.ts'
import { spells, transitionsOf, withoutFailedProbes } from '../measure/breaker/breaker-history.ts'
import { faultTimes } from '../measure/fault-window.ts'
import { astrayWithoutDelay } from '../measure/excuse.ts'
import { servedAgain } from '../measure/breaker/served-again.ts'
import { countIn, requestsIn, wholeRun } from '../measure/scope.ts'
import type { Case } from '../finding/raw-finding.ts'

type Missed = 'never_opened' | 'never_half_open' | 'never_closed'

/** Which states a breaker may take next. */
const nextStates: Readonly<Record<BreakerState, readonly BreakerState[]>> = {
  closed: ['open'],
  open: ['half_open', 'closed'],
  half_open: ['open', 'closed'],
}
const states = Object.keys(nextStates) as BreakerState[]

export const goes = criterionType({
  kind: 'transitions',
  doc: {
    written: "breaker('gemini').goes('closed', 'open', 'half_open', 'closed')",
    demands: 'The breaker goes through exactly these states, and users are served again when it has closed.',
    over: 'run',
    counts: "The breaker's transitions; a failed probe counts as still open unless the promise speaks of it.",
    samples: 'one request',
    undecided: 'No request for the upstream was seen, or breaker events are missing.',
  },
  fields: {
    upstream: ofOne.upstream,
    sequence: z.array(z.enum(states, { error: ({ input }) => `unknown state ${JSON.stringify(input)}${suggest(String(input), states)}` })),
  },
  build: {
    /** It takes exactly these states, in this order, over the whole run. A failed probe (half-open, open again) need not be listed. */
    goes:
      (upstream: string) =>
      (...sequence: BreakerState[]): WrittenCriterion =>
        written({ kind: 'transitions', upstream, sequence }),
  },
  relation: 'all',
  breaker: 'events',
  causes: ['never_opened', 'never_half_open', 'never_closed', 'not_recovered', 'reopened', 'unexpected_transition'],
  sentence: ({ upstream, sequence }) =>
    sequence.length === 1
      ? `${upstream}'s breaker is ${stateWord(sequence[0]!)} all the time`
      : `${upstream}'s breaker goes ${statesText(sequence)}`,
  phases: () => [],
  needs: () => 1,
  check: ({ sequence }) => impossibleSteps(sequence),

  judge({ upstream, sequence }, run) {
    const { plan, evidence } = run
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
    }
    if (countIn(requestsIn(evidence, { upstream, phases: window.phases })) === 0)
      return { ...facts, result: 'inconclusive', cause: 'no_samples', measured: null, why: `no request for ${upstream} was seen` }
    if (matched === sequence.length && observed.length === sequence.length) {
      // One that opened and closed again has recovered only when users are served again.
      const closed = sequence.length > 1 && sequence.at(-1) === 'closed' ? spells(evidence, upstream).at(-1)! : undefined
      const service = closed && servedAgain(run, upstream, { fromMs: closed.fromMs, toMs: evidence.end.atMs })
      if (service?.backMs !== null) return { ...facts, result: 'pass', why: `it went ${statesText(raw)}` }
      const why = `it went ${statesText(raw)}, and users were not served again: ${service.why}`
      return { ...facts, result: 'fail', cause: 'not_recovered', why }
    }

    const went = `it went ${statesText(raw)}, promised ${statesText(sequence)}`
    const missing = sequence[matched]
    if (missing !== undefined && matched === observed.length) {
      const { cause, words } = missed(missing, run, upstream)
      return { ...facts, result: 'fail', cause, ...(raw.length === 1 && { absent: 'breaker' }), why: `${words}: ${went}` }
    }

    // The run left the promised path with the transition into the first state that is not the promised one.
    const astray = observed[matched]!
    const opened = raw.filter((state) => state === 'open').length
    const closedBefore = observed.slice(1, matched).includes('closed')
    const at = transitionsOf(evidence, upstream).findLast(({ to }) => to === astray)
    // A lost event can make a good path look bad.
    const whole = eventsProblem(run, upstream) === undefined ? ({ witnessed: true } as const) : {}
    const cause = astray === 'open' && closedBefore ? 'reopened' : 'unexpected_transition'
    const why = `${cause === 'reopened' ? 'opened again' : stateWord(astray)}${at ? ` ${atTime(at.atMs)} (${at.cause})` : ''}, ${plural(opened, 'opening')} in all: ${went}`
    return {
      ...facts,
      result: 'fail',
      cause,
      ...whole,
      withoutHarnessDelay: astrayWithoutDelay(run, upstream, spells(evidence, upstream), 'some'),
      why,
    }
  },
})

/** How far the breaker got. Only probes after the fault count: a probe that failed while the fault was on says nothing. */
function missed(state: BreakerState, { plan, evidence }: Case, upstream: string): { cause: Missed; words: string } {
  if (state === 'open') return { cause: 'never_opened', words: 'never opened' }
  const cleared = plan.faults.filter((fault) => actsOn(fault, upstream)).map((fault) => faultTimes(evidence, fault).clearedMs ?? 0)
  const sinceMs = Math.max(0, ...cleared)
  const probes = spells(evidence, upstream).filter((spell) => spell.state === 'half_open' && spell.toMs >= sinceMs).length
  const since = sinceMs > 0 ? ' after the fault' : ''
  return probes === 0
    ? { cause: 'never_half_open', words: `never half-open${since}` }
    : { cause: 'never_closed', words: `half-open ${plural(probes, 'time')}${since}, never closed` }
}

/** What no breaker does. */
function impossibleSteps(sequence: readonly BreakerState[]): CriterionProblem[] {
  if (sequence.length < 2) return [{ message: 'name at least two states; for none but closed, use staysClosed()' }]
  return sequence.flatMap((state, at) => {
    const before = sequence[at - 1]
    return before === undefined || nextStates[before].includes(state) ? [] : [{ message: `no breaker goes from ${before} to ${state}` }]
  })
}

const statesText = (sequence: readonly BreakerState[]): string => sequence.map(stateWord).join(' → ')
