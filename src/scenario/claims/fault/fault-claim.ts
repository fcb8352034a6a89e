// What every claim about a fault has: on which upstream, in which phases, what quick means for it, and the phases around it.
import * as z from 'zod'
import type { WrittenCriterion } from '../../../criteria/writing/call-site.ts'
import { type UpstreamName, nameOf } from '../../../faults/fault-input.ts'
import { type Duration, parseDuration } from '../../../kernel/duration.ts'
import type { Ms } from '../../../kernel/clock.ts'
import type { ClaimData } from '../../../plan/plan.ts'
import { type Around, around } from './around.ts'
import { type ClaimDoc, type ClaimType, type Story, claimType } from '../claim.ts'
import type { ProbeName } from '../probes/probes.ts'

export interface FaultClaimOptions {
  /** The phases in which the fault is on. */
  in: string | readonly string[]
  /** p95 of good answers while nothing is wrong, before the fault and after it. Default 500 ms. */
  p95Below?: Duration
  /** How long the gateway may take to say that it does not ask the upstream. Default 250 ms. */
  refusesWithin?: Duration
}

export interface FaultClaim<Kind extends string = string> extends ClaimData {
  kind: Kind
  upstream: string
  in: string[]
  p95BelowMs: Ms
  refusesWithinMs: Ms
}

interface FaultClaimParts<Kind extends string, Build> {
  kind: Kind
  doc: ClaimDoc
  build: Build
  /** `during`: the names of its phases. */
  sentence: (upstream: string, during: string) => string
  probes?: readonly ProbeName[]
  /** What the story gives it no means to ask, beside probes: each with why. */
  unasked?: (upstream: string, story: Story) => string[]
  criteria: (claim: FaultClaim<Kind>, story: Story, phases: Around) => WrittenCriterion[]
}

export function faultClaimType<const Kind extends string, Build extends object>({
  kind,
  doc,
  build,
  sentence,
  probes = [],
  unasked = () => [],
  criteria,
}: FaultClaimParts<Kind, Build>): ClaimType<Kind, FaultClaim<Kind>, Build> {
  return claimType({
    kind,
    doc,
    schema: z.strictObject({
      kind: z.literal(kind),
      upstream: z.string(),
      in: z.array(z.string()).min(1),
      p95BelowMs: z.number().positive(),
      refusesWithinMs: z.number().positive(),
    }),
    build,
    sentence: (claim) => sentence(claim.upstream, claim.in.join(' and ')),
    upstreams: ({ upstream }) => [upstream],
    phases: (claim) => claim.in,
    probes: ({ upstream }) => (probes.length === 0 ? [] : [{ upstream, names: probes }]),
    unasked: ({ upstream }, story) => unasked(upstream, story),
    criteria: (claim, story) => criteria(claim, story, around(story, claim.in)),
  })
}

export function faultClaimOf<const Kind extends string>(
  kind: Kind,
  of: UpstreamName,
  { in: phases, p95Below = '500ms', refusesWithin = '250ms' }: FaultClaimOptions,
): FaultClaim<Kind> {
  return {
    kind,
    upstream: nameOf(of),
    in: typeof phases === 'string' ? [phases] : [...phases],
    p95BelowMs: parseDuration(p95Below),
    refusesWithinMs: parseDuration(refusesWithin),
  }
}
