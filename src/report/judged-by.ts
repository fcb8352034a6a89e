// Who judges a phase, in words, where it is not simply the scenario's criteria.
import type { PlannedPhase } from '../plan/plan.ts'

export function judgedBy({ warmUp, probes }: Pick<PlannedPhase, 'warmUp' | 'probes'>): string | undefined {
  if (probes) return 'judged by claims alone'
  return warmUp ? 'not judged' : undefined
}
