// What shows that a network fault acts: one fresh connection through the proxy, compared with one made before the fault.
// The stage makes the connections (stage/live/faults/canary.ts); each fault knows its own sign.
import type { Ms } from '../../kernel/clock.ts'
import { span } from '../../kernel/wording.ts'
import type { ToxicStream } from './toxic.ts'

/** What a fresh connection met. Times run from its start. */
export interface CanaryResult {
  outcome: 'complete' | 'cut_short' | 'reset' | 'refused' | 'silent'
  /** Until the first byte came; Infinity when none did. */
  firstByteMs: Ms
  /** Until the connection ended, or the canary gave up. */
  endMs: Ms
  /** In how many pieces the answer came. */
  pieces: number
}

/** Two canaries, before and during the fault, and the fault's reach. */
export interface Sighting {
  healthy: CanaryResult
  seen: CanaryResult
  stream: ToxicStream
  /** Share (0–1) of connections that the fault is on. */
  toxicity: number
}

/** A canary's bytes each way. They are enough for a slow link to show. */
export const CANARY_BYTES = 8 * 1024
/** How long a canary waits for its answer. */
export const CANARY_TIMEOUT: Ms = 400
// Two healthy canaries differ by less.
const NOISE: Ms = 15

/** The answer never comes. */
export function neverAnswered(_attributes: unknown, { seen }: Sighting): string | undefined {
  return seen.outcome === 'complete' ? undefined : `the answer never came (${seen.outcome})`
}

/** The connection breaks before the answer is complete. */
export function endedEarly(_attributes: unknown, { seen }: Sighting): string | undefined {
  return seen.outcome === 'reset' || seen.outcome === 'cut_short' ? `the connection ended early (${seen.outcome})` : undefined
}

/** The answer takes as long as a link of `rate` kilobytes a second needs. */
export function slowAnswer({ rate }: { rate: number }, { healthy, seen }: Sighting): string | undefined {
  return slower(healthy.endMs, seen.endMs, rate === 0 ? CANARY_TIMEOUT : CANARY_BYTES / rate, 'the answer')
}

/** The first byte comes later by `latency` ± `jitter` ms. */
export function lateAnswer({ latency, jitter = 0 }: { latency: number; jitter?: number }, { healthy, seen }: Sighting): string | undefined {
  return slower(healthy.firstByteMs, seen.firstByteMs, Math.max(latency - jitter, (latency + jitter) / 2), 'the first byte')
}

/** For a fault that a short connection cannot feel: that a connection went through it is all that can be seen. */
export function wentThrough(_attributes: unknown, { seen, toxicity }: Sighting): string | undefined {
  return toxicity === 1 && seen.outcome === 'complete' ? 'a connection went through it; a short one cannot feel it' : undefined
}

/** `what` took at least half of the delay that is expected of the fault. */
export function slower(healthy: Ms, seen: Ms, expected: Ms, what: string): string | undefined {
  const needed = healthy + Math.max(Math.min(expected, CANARY_TIMEOUT) / 2, NOISE)
  return seen >= needed ? `${what} took ${span(seen)}, not ${span(healthy)}` : undefined
}
