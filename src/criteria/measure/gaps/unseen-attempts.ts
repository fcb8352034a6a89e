// Attempts that nobody can have seen: a network fault may have swallowed them on their way to the upstream, and no front before the
// proxy told of them.
import { familyOf } from '../../../faults/families.ts'
import type { Case } from '../../finding/raw-finding.ts'

/** Why there may be more attempts in these phases than were counted; undefined when all were seen. */
export function whyUnseen(
  { plan, evidence }: Case,
  { upstream, phases }: { upstream: string; phases: readonly string[] },
): string | undefined {
  // Through a proxy that is switched off nothing can be sent.
  const swallowing = plan.faults.find(
    ({ fault, phase, ...of }) =>
      of.upstream === upstream &&
      phases.includes(phase) &&
      fault.made === 'network' &&
      fault.is !== 'down' &&
      familyOf(fault).keepsRequests(fault),
  )
  if (!swallowing) return undefined
  const lost = `${swallowing.id} may have swallowed attempts on their way to ${upstream}`
  const front = evidence.front.find((each) => each.upstream === upstream)
  if (!front) return `${lost}, and nothing before the proxy counted them; use the embedded Toxiproxy`
  return front.opaque === 0
    ? undefined
    : `${lost}, and ${front.opaque} of ${front.opened} connections did not speak HTTP/1.1, so that nobody can count them`
}
