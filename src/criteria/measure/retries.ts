// Attempts of calls, and what followed them: counted for criteria about retries, with what may hide some of them.
import type { Evidence } from '../../evidence/evidence.ts'
import { type EndedAttempts, type RetryCell, mergeRetries } from '../../evidence/fold/retries.ts'
import { noLatencies } from '../../evidence/latency-histogram.ts'
import { familyOf } from '../../faults/families.ts'
import type { Ms } from '../../kernel/clock.ts'
import { plural, span } from '../../kernel/wording.ts'
import type { HarnessDelay, RawFinding } from '../finding/raw-finding.ts'
import type { Case } from '../finding/raw-finding.ts'
import type { Scoped } from './scope.ts'
import { lackOfIds, unjoinedIn } from './gaps/unjoined-attempts.ts'
import { whyUnseen } from './gaps/unseen-attempts.ts'

export type Retries = Omit<RetryCell, 'phase' | 'route' | 'upstream'>

const nothing: RetryCell = {
  phase: '',
  route: '',
  upstream: '',
  ended: [],
  told: { attempts: 0, repeated: 0, early: noLatencies, worst: null },
  spoiled: 0,
  overlapped: 0,
  swallowed: 0,
  late: 0,
  most: 0,
  tried: [],
  givenUp: [],
}

type OneUpstream = Scoped & { upstream: string }

/** All calls of the scope together. */
export function retriesIn({ retries }: Pick<Evidence, 'retries'>, { upstream, phases }: OneUpstream): Retries {
  const cells = retries.filter((cell) => cell.upstream === upstream && phases.includes(cell.phase))
  return cells.length === 0 ? nothing : cells.reduce(mergeRetries)
}

/** Whether such an end gives a gateway reason to try again. */
const isFailure = ({ status }: EndedAttempts): boolean => status === 0 || status === 429 || status >= 500

/** How many attempts gave the gateway reason to try again. */
export function failuresOf({ ended, swallowed }: Retries): number {
  return ended.filter(isFailure).reduce((total, { attempts }) => total + attempts, swallowed)
}

/** Why there may have been retries that nobody can tell; undefined where there were none. */
export function hiddenRetries(
  run: Case,
  scope: OneUpstream,
): (Pick<RawFinding, 'why' | 'absent' | 'remedy'> & { cause: 'no_samples' | 'attempts_unseen' }) | undefined {
  const unjoined = unjoinedIn(run, scope)
  if (unjoined > 0) {
    const why = `${plural(unjoined, 'attempt')} arrived without the x-request-id of their client, so nobody knows what they repeat; pass the header on`
    return { cause: 'no_samples', ...lackOfIds(run, scope), why }
  }
  const unseen = whyUnseen(run, scope)
  return unseen === undefined ? undefined : { cause: 'attempts_unseen', why: unseen }
}

/** The fault of these phases that may have kept answers from the gateway, so that nobody knows what it knew when it tried again. */
export function whyUnheard({ plan }: Case, { upstream, phases }: OneUpstream): string | undefined {
  const kept = plan.faults.find((fault) => fault.fault.made === 'network' && fault.upstream === upstream && phases.includes(fault.phase))
  return kept && `${kept.id} may have kept answers from the gateway, so nobody knows after what it tried again`
}

/** The fault of these phases that may hold answers or attempts back on their way, so that nobody knows how long the gateway waited. */
export function whyUntimed({ plan }: Case, { upstream, phases }: OneUpstream): string | undefined {
  const slowing = plan.faults
    .filter((fault) => fault.upstream === upstream && phases.includes(fault.phase))
    .map(({ id, fault, startMs, endMs }) => ({
      id,
      // Either direction: an answer that is held back makes a short wait look long.
      delayMs:
        fault.made === 'network' && fault.is === 'toxic'
          ? familyOf(fault).delayBound({ ...fault, stream: 'upstream' }, endMs - startMs)
          : 0,
    }))
    .find(({ delayMs }) => delayMs > 0)
  if (!slowing) return undefined
  const { id, delayMs } = slowing
  const by = Number.isFinite(delayMs) ? `by up to ${span(delayMs)}` : 'for any time'
  return `${id} holds answers and attempts back ${by}, so nobody knows how long the gateway waited`
}

/** Stamps of two processes, and a timer that fires early; never more than a quarter of what is measured. */
export const waitSlack = (limitMs: Ms): Ms => Math.min(25, limitMs / 4)

/** `withoutHarnessDelay` of waits that were too short: the fake may have stamped an end so late. `countBelow`: how many were shorter still. */
export function shortWithoutDelay(countShorterBy: (slackMs: Ms) => number): NonNullable<RawFinding['withoutHarnessDelay']> {
  return ({ saturated, stallMs }: HarnessDelay) => (saturated ? 'inconclusive' : countShorterBy(stallMs) > 0 ? 'fail' : 'pass')
}
