// The data that every claim about a fault has: on which upstream, in which phases, and what quick means for it.
import * as z from 'zod'
import { type UpstreamName, nameOf } from '../../faults/fault-input.ts'
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import type { Ms } from '../../kernel/clock.ts'

export interface FaultClaimOptions {
  /** The phases in which the fault is on. */
  in: string | readonly string[]
  /** p95 of good answers while nothing is wrong, before the fault and after it. Default 500 ms. */
  p95Below?: Duration
  /** How long the gateway may take to say that it does not ask the upstream. Default 250 ms. */
  refusesWithin?: Duration
}

export const faultClaim = {
  upstream: z.string(),
  in: z.array(z.string()).min(1),
  p95BelowMs: z.number().positive(),
  refusesWithinMs: z.number().positive(),
}

export interface FaultClaim {
  upstream: string
  in: string[]
  p95BelowMs: Ms
  refusesWithinMs: Ms
}

export function faultClaimOf(of: UpstreamName, { in: phases, p95Below = '500ms', refusesWithin = '250ms' }: FaultClaimOptions): FaultClaim {
  return {
    upstream: nameOf(of),
    in: typeof phases === 'string' ? [phases] : [...phases],
    p95BelowMs: parseDuration(p95Below),
    refusesWithinMs: parseDuration(refusesWithin),
  }
}
