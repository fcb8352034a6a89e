// From phases as written to phases and faults with their times.
import * as z from 'zod'
import { planFault } from '../../faults/families.ts'
import type { Fault } from '../../faults/fault.ts'
import type { Problem } from '../../kernel/errors.ts'
import { check, duration } from '../../kernel/validation.ts'
import type { PlannedFault, PlannedPhase } from '../../plan/plan.ts'
import type { PhaseInput } from '../phases.ts'
import { type Faulted, STORE, isOnStore, nameProblems, upstreamOf } from './check-faults.ts'

const positiveSpan = duration.refine((ms) => ms > 0, { error: 'must be above 0' })

const crowd = z.strictObject({
  connections: z
    .int({ error: 'must be a whole number from 1 to 1000' })
    .min(1, { error: 'must be a whole number from 1 to 1000' })
    .max(1000, { error: 'must be a whole number from 1 to 1000' }),
})

/** Lays phases end to end, and gives each fault the span of its phase. */
export function planPhases(
  written: readonly PhaseInput[],
  there: Omit<Faulted, 'hasProbes'>,
  problems: Problem[],
): { phases: PlannedPhase[]; faults: PlannedFault[] } {
  const phases: PlannedPhase[] = []
  const faults: PlannedFault[] = []
  let startMs = 0
  if (written.length === 0) problems.push({ path: 'phases', message: 'there must be at least one' })
  for (const [at, { name, duration: span, warmUp, faults: wanted, probes, ...also }] of written.entries()) {
    const path = `phases[${at}]`
    if (phases.some((earlier) => earlier.name === name))
      problems.push({ path: `${path}.name`, message: `"${name}" is taken by an earlier phase` })
    const endMs = startMs + (check(positiveSpan, span, `${path}.duration`, problems) ?? 0)
    for (const [which, fault] of wanted.entries()) {
      const place = `${path}.faults[${which}]`
      const before = problems.length
      const made = planFault(fault, place, problems)
      const upstream = upstreamOf(fault, made, there)
      problems.splice(before, 0, ...nameProblems(fault, upstream, place, { ...there, hasProbes: probes !== undefined }))
      const on = upstream === undefined ? {} : { upstream }
      for (const planned of isOnStore(fault, there) ? made.map(ofStore) : made)
        faults.push({ id: `F${faults.length + 1}`, phase: name, startMs, endMs, ...on, fault: planned })
    }
    const saturation = also.saturation && check(crowd, also.saturation, `${path}.saturation`, problems)
    if (saturation && also.rate)
      problems.push({
        path: `${path}.rate`,
        message: 'the load rests while a phase is saturated; leave the rate out, or saturate another phase',
      })
    phases.push({ name, startMs, endMs, warmUp, ...(probes && { probes: true }), ...(saturation && { saturation }), expected: 0 })
    startMs = endMs
  }
  return { phases, faults }
}

const ofStore = (fault: Fault): Fault => (fault.made === 'network' ? { ...fault, role: STORE } : fault)
