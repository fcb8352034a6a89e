// What the gateway needs in one phase, compared with an earlier one. Memory and descriptors are compared by their lowest values: what is
// above these was in use for a moment, and given back.
import * as z from 'zod'
import type { RoleHealth } from '../../evidence/events/health.ts'
import { plural } from '../../kernel/wording.ts'
import type { Plan, PlannedPhase } from '../../plan/plan.ts'
import type { CriterionProblem } from '../criterion.ts'
import type { Case, RawFinding, Window } from '../finding/raw-finding.ts'

/** As a criterion's data says it. */
export interface Between {
  from?: string
  to?: string
}

export const between = { from: z.string().exactOptional(), to: z.string().exactOptional() }

// Each is a second.
const MIN_SAMPLES = 3

export const namedBetween = ({ from, to }: Between): string[] => [from, to].filter((name) => name !== undefined)

export const betweenWords = ({ from, to }: Between): string =>
  `${from === undefined ? '' : ` from ${from}`}${to === undefined ? '' : ` to ${to}`}`

function ends({ phases }: Plan, { from, to }: Between): [first: PlannedPhase | undefined, last: PlannedPhase | undefined] {
  const judged = phases.filter(({ warmUp }) => !warmUp)
  const named = (name: string | undefined): PlannedPhase | undefined => phases.find((phase) => phase.name === name)
  return [from === undefined ? judged[0] : named(from), to === undefined ? judged.at(-1) : named(to)]
}

export function betweenProblems(plan: Plan, of: Between): CriterionProblem[] {
  const [first, last] = ends(plan, of)
  // An unknown name is told already.
  if (!first || !last || first.endMs <= last.startMs) return []
  return [{ message: `growth goes from one phase to a later one, not from ${first.name} to ${last.name}; add a phase, or name two` }]
}

interface Compared<Failed extends string> {
  of: Between
  below: number
  unit: string
  cause: Failed
  /** "memory" */
  what: string
  measure: (health: RoleHealth) => number | null
  words: (value: number) => string
}

/** The growth is below its limit, or not. Inconclusive where nothing watched the gateway, or it was started anew in between. */
export function judgeGrowth<Failed extends 'grown'>(
  { plan, evidence }: Case,
  { of, below, unit, cause, what, measure, words }: Compared<Failed>,
): RawFinding<Failed | 'no_samples' | 'too_few_samples'> {
  const [first, last] = ends(plan, of)
  const window: Window = {
    fromMs: first?.startMs ?? 0,
    toMs: last?.endMs ?? plan.durationMs,
    phases: [...new Set([first, last].flatMap((phase) => phase?.name ?? []))],
  }
  const base = { n: 0, interval: null, bound: below, unit, window, measured: null } as const
  const healthIn = (phase: PlannedPhase | undefined) =>
    evidence.health.find((each) => each.role === 'gateway' && each.phase === phase?.name)
  const [before, after] = [healthIn(first), healthIn(last)]
  const [had, has] = [before && measure(before), after && measure(after)]
  const undecided = { ...base, result: 'inconclusive' } as const
  if (evidence.health.length === 0 && evidence.processes.length === 0)
    return {
      ...undecided,
      cause: 'no_samples',
      why: `no process was there whose ${what} could be measured, as in a simulation`,
      remedy: 'run it live: leave out --simulate',
    }
  if (!before || !after || had === null || has === null || had === undefined || has === undefined)
    return {
      ...undecided,
      cause: 'no_samples',
      why: `nobody measured the gateway's ${what}`,
      remedy: 'let the stage start the gateway, on Linux: give --gateway its command',
    }
  const n = Math.min(before.samples, after.samples)
  if (n < MIN_SAMPLES) {
    const why = `the gateway's ${what} was measured for ${plural(n, 'second')} of a phase`
    const remedy = `let ${before.phase} and ${after.phase} last at least ${MIN_SAMPLES + 2}s: edit phases in ${plan.source}`
    return { ...undecided, n, cause: 'too_few_samples', needsMore: MIN_SAMPLES - n, why, remedy }
  }
  const restart = evidence.processes.find(
    ({ role, edge, atMs }) => role === 'gateway' && edge === 'ready' && atMs > window.fromMs && atMs < window.toMs,
  )
  if (restart)
    return {
      ...undecided,
      n,
      cause: 'no_samples',
      why: 'the gateway was started anew in between, and a new process has grown from nothing',
    }
  const measured = has - had
  const judged = { ...base, n, measured }
  const figures = `${what} went from ${words(had)} in ${before.phase} to ${words(has)} in ${after.phase}`
  if (measured < below) return { ...judged, result: 'pass', why: `${figures}, limit ${words(below)} more` }
  return { ...judged, result: 'fail', cause, why: `${figures}, promised less than ${words(below)} more` }
}
