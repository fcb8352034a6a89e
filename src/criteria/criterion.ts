// The contract of a criterion: all that is known of one kind, in one file. The table is criteria.ts.
//
//   scenario ──build──▶ data (travels in run.json) ──schema──▶ judge ──▶ RawFinding ──credibility──▶ Finding
import type * as z from 'zod'
import type { Outcome } from '../contract/outcome.ts'
import type { Ms } from '../kernel/clock.ts'
import type { CriterionData, Plan, PlannedPhase } from '../plan/plan.ts'
import type { CriterionDoc } from './criterion-doc.ts'
import type { Cause, CommonCause } from './finding/cause.ts'
import type { Case, RawFinding } from './finding/raw-finding.ts'

/** Where the good side of the bound lies. `all` and `none` count what must happen wholly, or not at all. */
export type Relation = 'below' | 'at_most' | 'above' | 'at_least' | 'all' | 'none'

/** Something wrong with a criterion; `at` is a field of its data. */
export interface CriterionProblem {
  at?: string
  message: string
  /** Phases that are too short for it, by name: how many times as long they must last. */
  tooShort?: ReadonlyMap<string, number>
}

/** A latency bound as a chart draws it. */
export interface LatencyBound {
  /** 0–1. */
  quantile: number
  outcomes: readonly Outcome[]
  belowMs: Ms
  /** Absent: all. */
  upstream?: string
}

/**
 * What the load looks at in each answer only where a criterion asks for it. `event_checksums`: a checksum over the events of a stream.
 * `plain_bodies`: length and checksum of a body that comes compressed, as it was before.
 */
export type AnswerAsk = 'event_checksums' | 'plain_bodies'

/** What every criterion knows, whatever its data. */
export interface CriterionFacts<Data> {
  relation: Relation
  /**
   * What it has to do with its upstream's breaker. `none`: nothing. `needed`: the upstream must have one in the plan.
   * `events`: in addition, the finding rests on the account of that breaker's transitions.
   */
  breaker: 'none' | 'needed' | 'events'
  /** The criterion as a sentence, without a full stop: "p95 of gemini during steady is below 300ms". */
  sentence(criterion: Data): string
  /** Names of phases in its data; every one must exist. */
  phases(criterion: Data): readonly string[]
  /** The smallest number of requests with which a flawless measurement passes; 1 where no sampling is involved. */
  needs(criterion: Data): number
  /** The share (0–1) of bad requests that it must prove to be below; absent where it proves no share. */
  badShare?(criterion: Data): number
  /** Sets of phases that must each hold as many requests as it needs. Default: the phases named, else all but warm-up. */
  samplesIn?(criterion: Data, plan: Plan): PlannedPhase[][]
  /** What is wrong with its data for this plan. Names are checked already. */
  check?(criterion: Data, plan: Plan): CriterionProblem[]
  /** The bound that it sets to latency, when it sets one. */
  latencyBound?(criterion: Data): LatencyBound
  /** What the load must look at for it. */
  asks?: readonly AnswerAsk[]
}

/**
 * One kind of criterion. `fields` are zod fields of its data besides `kind`; `build` holds the functions by which scenarios write it;
 * `causes` are the causes, beside the common ones, of its not passing.
 */
export interface CriterionType<
  Kind extends string = string,
  Data = CriterionData,
  Build = object,
  Own extends Cause = Cause,
> extends CriterionFacts<Data> {
  kind: Kind
  doc: CriterionDoc
  schema: z.ZodType<Data>
  build: Build
  causes: readonly Own[]
  judge(criterion: Data, run: Case): RawFinding<Own | CommonCause>
}

/** A criterion's data bound to its type: everything that depends on the kind, answered. */
export interface KnownCriterion {
  relation: Relation
  breaker: CriterionFacts<never>['breaker']
  upstream: string | undefined
  sentence: string
  phases: readonly string[]
  needs: number
  latencyBound: LatencyBound | undefined
  badShare: number | undefined
  samplesIn(plan: Plan): PlannedPhase[][]
  check(plan: Plan): CriterionProblem[]
  judge(run: Case): RawFinding
}
