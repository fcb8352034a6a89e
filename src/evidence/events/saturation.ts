// Once a second while a phase is saturated: what a crowd of connections got that asks again as soon as it is answered (closed loop).
//
//   connection ── request ──▶ answer ── request ──▶ answer ── request ─ ─ ─ ─|  still waiting when the phase is over
import { type Outcome, outcomeNames } from '../../contract/outcome.ts'
import type { Ms } from '../../kernel/clock.ts'
import { type Latencies, noLatencies } from '../latency-histogram.ts'
import { mergeLatencies } from '../merge-latencies.ts'
import { defineTallied, number, optional, structure, text, whole } from './event.ts'

/** By outcome, how long requests took from being sent. Absent: none ended so. */
export type CrowdAnswers = Partial<Record<Outcome, Latencies>>

export interface Saturated {
  phase: string
  connections: number
  /** How long the crowd was there. */
  lastedMs: Ms
  answers: CrowdAnswers
  /** Answers of 429 or 503 that say not who made them; they are counted as `limited` and `shed`. */
  unmarked: number
  /** Of these statuses, how many the upstreams answered to the crowd. */
  refusedUpstream: number
  /** Good answers per second, second after second; pieces of a second are left out. */
  perSecond: number[]
  /** Of the connections that had no answer when the phase was over: how long they had waited. */
  waiting: Latencies
}

const isLatencies = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false
  const { totalCount, bins } = value as Partial<Record<keyof Latencies, unknown>>
  return whole.accepts(totalCount) && Array.isArray(bins) && bins.length % 3 === 0 && bins.every((each) => number.accepts(each))
}

const latencies = structure<Latencies>((value) => isLatencies(value))

const known: ReadonlySet<string> = new Set(outcomeNames)
const answers = structure<CrowdAnswers>((byOutcome) =>
  Object.entries(byOutcome).every(([outcome, spans]) => known.has(outcome) && isLatencies(spans)),
)

// A shorter line tells of a piece of a second: the last one of a phase.
const SHORTEST_SECOND: Ms = 900

export const saturation = defineTallied({
  fields: {
    phase: text,
    connections: whole,
    /** Since the line before. */
    lastMs: number,
    answers,
    unmarked: whole,
    /** In the last line of a phase. */
    waiting: optional(latencies),
  },
  /** In the plan's order; a phase that never was saturated is absent. */
  evidence: 'saturation',
  tally({ plan }) {
    const byPhase = new Map<string, Saturated>()
    return {
      add({ phase, connections, lastMs, answers: last, unmarked, waiting }) {
        const before = byPhase.get(phase)
        const { ok = noLatencies } = last
        byPhase.set(phase, {
          phase,
          connections,
          lastedMs: (before?.lastedMs ?? 0) + lastMs,
          answers: mergeAnswers(before?.answers ?? {}, last),
          unmarked: (before?.unmarked ?? 0) + unmarked,
          refusedUpstream: 0,
          perSecond: [...(before?.perSecond ?? []), ...(lastMs >= SHORTEST_SECOND ? [(ok.totalCount / lastMs) * 1000] : [])],
          waiting: mergeLatencies([before?.waiting ?? noLatencies, waiting ?? noLatencies]),
        })
      },
      result: () => plan.phases.flatMap(({ name }) => byPhase.get(name) ?? []),
    }
  },
})

function mergeAnswers(a: CrowdAnswers, b: CrowdAnswers): CrowdAnswers {
  const merged = outcomeNames.map((name) => [name, mergeLatencies([a[name] ?? noLatencies, b[name] ?? noLatencies])] as const)
  return Object.fromEntries(merged.filter(([, { totalCount }]) => totalCount > 0))
}

/** The same phase of two runs. */
export function mergeSaturated(a: Saturated, b: Saturated): Saturated {
  return {
    ...a,
    connections: a.connections + b.connections,
    lastedMs: a.lastedMs + b.lastedMs,
    answers: mergeAnswers(a.answers, b.answers),
    unmarked: a.unmarked + b.unmarked,
    refusedUpstream: a.refusedUpstream + b.refusedUpstream,
    perSecond: [...a.perSecond, ...b.perSecond],
    waiting: mergeLatencies([a.waiting, b.waiting]),
  }
}
