// Faults that keep the end of an attempt from the upstream: what has ended at the gateway goes on there, through no fault of the gateway.
import { actsOn } from '../../faults/fault.ts'
import type { Plan } from '../../plan/plan.ts'

/** Why attempts in these phases may have ended earlier than the upstream saw; undefined where they cannot. */
export function whyEndsAreLate(
  { faults }: Plan,
  { upstream, phases }: { upstream: string; phases: readonly string[] },
): string | undefined {
  const found = faults.find((planned) => phases.includes(planned.phase) && planned.fault.made !== 'request' && actsOn(planned, upstream))
  return found && `${found.id} may have kept the ends of attempts from ${upstream}; judge other phases`
}
