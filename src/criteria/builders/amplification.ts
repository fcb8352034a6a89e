// amplification('gemini').during('outage').below(3)
import { type UpstreamRef, type WrittenCriterion, during, nameOf, written } from './written.ts'

export interface AmplificationCriterion {
  during(...phases: string[]): AmplificationCriterion
  /** Arrivals at the upstream per client request for it. */
  below(limit: number): WrittenCriterion
}

export function amplification(of: UpstreamRef, phases: readonly string[] = []): AmplificationCriterion {
  return {
    during: (...names) => amplification(of, names),
    below: (limit) => written({ kind: 'amplification', upstream: nameOf(of), ...during(phases), below: limit }),
  }
}
