// What a candidate costs in one trial, measured from evidence. Only judged phases count: neither the warm-up, nor the probes of claims.
// A breaker that opens without a fault is wrong in any phase.
import { spells } from '../../criteria/measure/breaker/breaker-history.ts'
import { faultTimes, isFaultedAmid } from '../../criteria/measure/fault-window.ts'
import type { Case } from '../../criteria/finding/raw-finding.ts'
import { actsOn } from '../../faults/fault.ts'
import type { Ms } from '../../kernel/clock.ts'
import { isJudged } from '../../plan/judged.ts'
import type { Plan } from '../../plan/plan.ts'

export interface Figures {
  /** The least distance of a criterion to its bound, relative to it; −1 for one that failed and has none. */
  margin: number
  /** Calls of upstreams that did not end in a good answer. */
  wastedCalls: number
  /** The share (0–1) of requests that did not end ok. */
  lostGoodput: number
  /** How often a breaker opened without a fault on its upstream. */
  falseTrips: number
  /** The longest time from the end of a fault until the breaker of its upstream was closed. */
  recoveryMs: Ms
}

export function costsOf(run: Case): Omit<Figures, 'margin'> {
  return { wastedCalls: wastedCalls(run), lostGoodput: lostGoodput(run), falseTrips: falseTrips(run), recoveryMs: recoveryMs(run) }
}

/** Requests that are due in phases whose figures count. */
export const judgedRequests = ({ phases }: Plan): number => phases.filter(isJudged).reduce((total, { expected }) => total + expected, 0)

const judgedPhases = ({ plan }: Case): ReadonlySet<string> => new Set(plan.phases.filter(isJudged).map(({ name }) => name))

function wastedCalls(run: Case): number {
  const judged = judgedPhases(run)
  return run.evidence.answers.reduce((total, { phase, ended, good }) => total + (judged.has(phase) ? ended - good : 0), 0)
}

function lostGoodput(run: Case): number {
  const judged = judgedPhases(run)
  const sum = (counts: readonly { phase: string; count: number }[]): number =>
    counts.reduce((total, { phase, count }) => total + (judged.has(phase) ? count : 0), 0)
  const planned = sum(run.evidence.planned.map(({ phase, requests }) => ({ phase, count: requests })))
  const good = sum(run.evidence.requests.filter(({ outcome }) => outcome === 'ok'))
  return planned === 0 ? 0 : Math.max(0, planned - good) / planned
}

/** A breaker that opens as long after a fault as a call may take was opened by it. */
function falseTrips(run: Case): number {
  const isFalse = ({ upstream, atMs }: { upstream: string; atMs: Ms }): boolean =>
    !isFaultedAmid(run, upstream, { fromMs: atMs - (run.plan.gateway.upstreams[upstream]?.timeout.total ?? 0), toMs: atMs })
  return run.evidence.transitions.filter(({ from, to }) => from === 'closed' && to === 'open').filter(isFalse).length
}

function recoveryMs(run: Case): Ms {
  const { plan, evidence } = run
  const judged = judgedPhases(run)
  const waits = plan.faults
    .filter(({ phase }) => judged.has(phase))
    .flatMap((fault) => {
      const { clearedMs } = faultTimes(evidence, fault)
      const upstreams = Object.keys(plan.upstreams).filter((upstream) => actsOn(fault, upstream))
      return clearedMs === null ? [] : upstreams.map((upstream) => closedAfter(run, upstream, clearedMs) - clearedMs)
    })
  return Math.max(0, ...waits)
}

/** When the breaker was closed at the earliest; the end of the evidence where it never was. */
function closedAfter({ evidence }: Case, upstream: string, fromMs: Ms): Ms {
  const closed = spells(evidence, upstream).find(({ state, toMs }) => state === 'closed' && toMs > fromMs)
  return closed === undefined ? evidence.end.atMs : Math.max(fromMs, closed.fromMs)
}
