// Which part of the evidence a criterion is about.
import type { Evidence } from '../../evidence/evidence.ts'
import { own } from '../../kernel/own.ts'
import { routesOf } from '../../evidence/time-series.ts'
import type { Latencies } from '../../evidence/latency-histogram.ts'
import { mergeLatencies } from '../../evidence/merge-latencies.ts'
import type { Outcome } from '../../contract/outcome.ts'
import type { RequestCell } from '../../evidence/fold/requests.ts'
import type { ArrivalCell } from '../../evidence/fold/arrivals.ts'
import type { AttemptCell } from '../../evidence/fold/attempts.ts'
import type { Ms } from '../../kernel/clock.ts'
import { isJudged } from '../../plan/judged.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Window } from '../finding/raw-finding.ts'

/** The named phases; without names, all that are neither warm-up nor saturated. */
export function windowOf(plan: Plan, during?: readonly string[]): Window {
  const phases = plan.phases.filter((phase) => (during ? during.includes(phase.name) : isJudged(phase)))
  return {
    fromMs: Math.min(...phases.map((phase) => phase.startMs)),
    toMs: Math.max(...phases.map((phase) => phase.endMs)),
    phases: phases.map((phase) => phase.name),
  }
}

/** From load start to the end of the plan, warm-up included. */
export function wholeRun(plan: Plan): Window {
  return windowOf(
    plan,
    plan.phases.map((phase) => phase.name),
  )
}

/** The phases in which a fault is on. */
export function faultPhases(plan: Plan): string[] {
  return plan.phases.filter(({ name, warmUp }) => !warmUp && plan.faults.some((fault) => fault.phase === name)).map(({ name }) => name)
}

export interface Scoped {
  upstream?: string | undefined
  phases: readonly string[]
}

export function requestsIn(evidence: Evidence, scope: Scoped): RequestCell[] {
  const { upstream, phases } = scope
  return evidence.requests.filter((cell) => (upstream === undefined || cell.reaches.includes(upstream)) && phases.includes(cell.phase))
}

export function arrivalsIn(evidence: Evidence, scope: Scoped): ArrivalCell[] {
  const { upstream, phases } = scope
  return evidence.arrivals.filter((cell) => (upstream === undefined || cell.upstream === upstream) && phases.includes(cell.phase))
}

/** How often requests due in these phases were tried at the upstream. */
export function attemptsIn(evidence: Evidence, { upstream, phases }: Scoped): AttemptCell[] {
  return evidence.attempts.filter((cell) => (upstream === undefined || cell.upstream === upstream) && phases.includes(cell.phase))
}

/** How many requests there are in the cells, of these outcomes (default: all). */
export function countIn(cells: readonly RequestCell[], outcomes?: readonly Outcome[]): number {
  return ofOutcomes(cells, outcomes).reduce((total, cell) => total + cell.count, 0)
}

/** Requests that were given up because the run was stopped. Nobody knows how they would have ended. */
export function haltedIn(cells: readonly RequestCell[]): number {
  // Whatever error a gateway names stands in another outcome's cell.
  return ofOutcomes(cells, ['client_timeout']).reduce((total, { errors }) => total + (own(errors, 'halted') ?? 0), 0)
}

/** `latency` counts from due, `service` from sent. */
export function latenciesIn(cells: readonly RequestCell[], outcomes: readonly Outcome[], measure: 'latency' | 'service'): Latencies {
  return mergeLatencies(ofOutcomes(cells, outcomes).map((cell) => cell[measure]))
}

/** How many requests for the upstream were due in the buckets from one time to another. */
export function requestsBetween(evidence: Evidence, upstream: string, fromMs: Ms, toMs: Ms): number {
  const { bucketMs, latencies } = evidence.series
  let count = 0
  for (const buckets of routesOf(evidence.series, upstream).flatMap((route) => Object.values(latencies[route] ?? {})))
    for (const bucket of buckets.slice(Math.floor(fromMs / bucketMs), Math.ceil(toMs / bucketMs))) count += bucket?.totalCount ?? 0
  return count
}

const ofOutcomes = (cells: readonly RequestCell[], outcomes?: readonly Outcome[]): RequestCell[] =>
  outcomes ? cells.filter((cell) => outcomes.includes(cell.outcome)) : [...cells]
