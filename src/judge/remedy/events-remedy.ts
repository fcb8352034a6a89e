// What to do where the account of a breaker's transitions cannot be relied on.
import type { Case } from '../../criteria/finding/raw-finding.ts'
import { EVENTS_PATH } from '../../contract/paths.ts'
import { again } from './again.ts'

/** For the breaker of `upstream`; without one, for any. */
export function eventsRemedy(run: Case, upstream: string | undefined): string {
  if (run.observe === 'events') return `ask the traffic too: ${again(run, '--observe', 'both')}`
  const isInferred = upstream === undefined ? run.inferred !== undefined : run.inferred?.has(upstream) === true
  if (isInferred) return `let the gateway serve its breaker transitions as server-sent events at ${EVENTS_PATH}`
  return `let the traffic tell: ${again(run, '--observe', 'traffic')}`
}
