// Who judges a phase, in words, where it is not simply the scenario's criteria.
import { plural } from '../kernel/wording.ts'
import type { PlannedPhase } from '../plan/plan.ts'

export function judgedBy({ warmUp, probes, saturation }: Pick<PlannedPhase, 'warmUp' | 'probes' | 'saturation'>): string | undefined {
  if (saturation) return `${plural(saturation.connections, 'connection')} ask as fast as they are answered`
  if (probes) return 'judged by claims alone'
  return warmUp ? 'not judged' : undefined
}
