// unharmed('assemblyai').comparedWith('steady')
import type { Duration } from '../../kernel/duration.ts'
import { type Share, type UpstreamRef, type WrittenCriterion, nameOf, share, span, written } from './written.ts'

export interface UnharmedOptions {
  /** p95 during faults may be this many times that of the compared phase (default 1.5) … */
  latencyRatio?: number
  /** … plus this much (default 20 ms). */
  latencySlack?: Duration
  /** Error rate during faults (default 1 %). */
  errorRateBelow?: Share
}

/** An upstream without a fault of its own does as well while others fail as it does in a quiet phase. */
export function unharmed(of: UpstreamRef): { comparedWith(phase: string, options?: UnharmedOptions): WrittenCriterion } {
  return {
    comparedWith: (phase, { latencyRatio = 1.5, latencySlack = '20ms', errorRateBelow = '1%' } = {}) =>
      written({
        kind: 'unharmed',
        upstream: nameOf(of),
        comparedWith: phase,
        latencyRatio,
        latencySlackMs: span(latencySlack),
        errorRateBelow: share(errorRateBelow),
      }),
  }
}
