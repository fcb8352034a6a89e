// From phases as written to phases and faults with their times.
import { planFault } from '../faults/families.ts'
import type { Problem } from '../kernel/errors.ts'
import { check, duration, suggest } from '../kernel/validation.ts'
import type { PlannedFault, PlannedPhase } from '../plan/plan.ts'
import type { PhaseInput } from './phases.ts'

const positiveSpan = duration.refine((ms) => ms > 0, { error: 'must be above 0' })

/** Lays phases end to end, and gives each fault the span of its phase. */
export function planPhases(
  written: readonly PhaseInput[],
  upstreams: string[],
  problems: Problem[],
): { phases: PlannedPhase[]; faults: PlannedFault[] } {
  const phases: PlannedPhase[] = []
  const faults: PlannedFault[] = []
  let startMs = 0
  if (written.length === 0) problems.push({ path: 'phases', message: 'there must be at least one' })
  for (const [at, { name, duration: span, warmUp, faults: wanted, probes }] of written.entries()) {
    const path = `phases[${at}]`
    if (phases.some((earlier) => earlier.name === name))
      problems.push({ path: `${path}.name`, message: `"${name}" is taken by an earlier phase` })
    const endMs = startMs + (check(positiveSpan, span, `${path}.duration`, problems) ?? 0)
    for (const [which, fault] of wanted.entries()) {
      const place = `${path}.faults[${which}]`
      const on = 'upstream' in fault ? { upstream: fault.upstream } : {}
      if (on.upstream !== undefined && !upstreams.includes(on.upstream))
        problems.push({ path: `${place}.upstream`, message: `unknown upstream "${on.upstream}"${suggest(on.upstream, upstreams)}` })
      for (const planned of planFault(fault, place, problems))
        faults.push({ id: `F${faults.length + 1}`, phase: name, startMs, endMs, ...on, fault: planned })
    }
    phases.push({ name, startMs, endMs, warmUp, ...(probes && { probes: true }), expected: 0 })
    startMs = endMs
  }
  return { phases, faults }
}
