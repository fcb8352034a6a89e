// The contract of a claim: what a story asserts of the gateway as a whole. A claim stands for the criteria that every story of its kind
// must ask, and for the probes that give them evidence. The table is claims.ts.
//
//   scenario ──build──▶ data ──▶ probes ──▶ phases, faults, routes ─┐
//                            └─▶ criteria ──────────────────────────┴─▶ plan
import type * as z from 'zod'
import { type WrittenCriterion, callSite } from '../../criteria/writing/call-site.ts'
import type { UpstreamPolicies } from '../../policies/settings.ts'
import type { Ability } from '../../plan/ability.ts'
import type { ClaimData, PlannedFault, PlannedLoad, PlannedPhase } from '../../plan/plan.ts'
import type { ProbeName } from './probes/probes.ts'

/** A claim as a scenario states it, for its `claims`. */
export interface WrittenClaim {
  claim: ClaimData
  /** Where it was written; the criteria that it stands for are annotated there. */
  source?: { file: string; line: number }
}

/** The planned story, as far as a claim may look at it. */
export interface Story {
  upstreams: readonly string[]
  /** Settings of the gateway that are expected or assumed, by upstream. */
  policies: Readonly<Record<string, UpstreamPolicies>>
  /** Whether somebody expects this of the gateway, or it is only assumed. */
  isExpected(upstream: string, ability: Ability): boolean
  load: PlannedLoad
  phases: readonly PlannedPhase[]
  faults: readonly PlannedFault[]
  /** Probes that are sent. */
  sent: readonly { name: ProbeName; upstream: string }[]
}

/** Probes of one upstream that a claim wants sent. */
export interface WantedProbes {
  upstream: string
  names: readonly ProbeName[]
}

/** What people are told of a kind of claim: by `gatecrash explain`, and in .github/docs/reference.md. */
export interface ClaimDoc {
  /** As a scenario writes it, without `claims.`. A test writes it so, too. */
  written: string
  /** A sentence. */
  standsFor: string
}

/** One kind of claim. */
export interface ClaimType<Kind extends string = string, Data = ClaimData, Build = object> {
  kind: Kind
  doc: ClaimDoc
  schema: z.ZodType<Data>
  build: Build
  /** "gemini may fail during outage", without a full stop. */
  sentence(claim: Data): string
  /** Names of upstreams and of phases in its data; every one must exist. */
  upstreams(claim: Data): readonly string[]
  phases(claim: Data): readonly string[]
  probes(claim: Data): readonly WantedProbes[]
  /** What this story gives it no means to ask, beside probes: each with why. */
  unasked?(claim: Data, story: Story): string[]
  criteria(claim: Data, story: Story): WrittenCriterion[]
}

/** Checks a definition, and keeps the types of its data and builders. */
export function claimType<const Kind extends string, Data extends ClaimData, Build extends object>(
  type: ClaimType<Kind, Data, Build>,
): ClaimType<Kind, Data, Build> {
  return type
}

const thisFolder = new URL('.', import.meta.url).href

/** To be called by a builder's last step. */
export function writtenClaim(claim: ClaimData): WrittenClaim {
  return { claim, source: callSite(thisFolder) }
}
