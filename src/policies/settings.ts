// The settings of one upstream's policies, composed of each policy's own. People write durations as text; they are parsed once, into
// milliseconds. The parsed form is plain data and is itself accepted as input: it travels from a plan to a gateway's configuration.
import * as z from 'zod'
import { type Problem, problemsError } from '../kernel/errors.ts'
import { check } from '../kernel/validation.ts'
import { breakerSettings } from './breaker/settings.ts'
import { classSettings } from './classifier.ts'
import { fallbackSettings } from './fallback/settings.ts'
import { hedgeSettings } from './hedging/settings.ts'
import { limitSettings } from './limits/limits.ts'
import { retrySettings } from './retry/settings.ts'
import { routePattern } from './route-pattern.ts'
import { timeoutSettings } from './timeout.ts'

/** Policies of one upstream; a missing one is switched off, but for the timeouts. */
export const upstreamPolicies = z.strictObject({
  timeout: timeoutSettings.prefault({}),
  breaker: breakerSettings.optional(),
  retry: retrySettings.optional(),
  ...limitSettings,
  hedge: hedgeSettings.optional(),
  /** By outcome: `success`, `failure`, `neutral` or `alive`, where it is not as usual. */
  classes: classSettings.optional(),
  fallback: fallbackSettings.optional(),
  /**
   * Routes whose answers are streams although they do not say it: a JSON array that grows. They are handed on as they arrive, and
   * are judged by their head. Event streams, NDJSON and the like, and answers with `x-accel-buffering: no`, need no entry.
   */
  stream: z.array(routePattern).default([]),
})

/** As written: `{ breaker: { failures: 5, recovery: '5s' }, fallback: 'cached' }`. */
export type UpstreamPoliciesInput = z.input<typeof upstreamPolicies>
/** As parsed: every duration in milliseconds, every default filled in. */
export type UpstreamPolicies = z.output<typeof upstreamPolicies>

/** @throws GatecrashError `invalid_config` naming every problem at once, each below `place` (such as `upstreams.gemini`) */
export function parsePolicies(place: string, written: UpstreamPoliciesInput): UpstreamPolicies {
  const problems: Problem[] = []
  const parsed = check(upstreamPolicies, written, '', problems)
  if (!parsed) throw problemsError('invalid_config', place, problems)
  return parsed
}
