// From phases as written to phases and faults with their times.
import * as z from 'zod'
import { planFault } from '../../faults/families.ts'
import type { Fault } from '../../faults/fault.ts'
import { processRoles } from '../../faults/process-fault.ts'
import type { Problem } from '../../kernel/errors.ts'
import { check, duration, suggest } from '../../kernel/validation.ts'
import type { PlannedFault, PlannedPhase } from '../../plan/plan.ts'
import type { PhaseInput } from '../phases.ts'

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
  upstreams: string[],
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
      const onStore = fault.made !== 'process' && fault.upstream === STORE && !upstreams.includes(STORE)
      const on = onStore ? {} : 'upstream' in fault ? { upstream: fault.upstream } : made.some(isOnUpstream) ? { upstream: fault.role } : {}
      if (onStore && fault.made === 'request') problems.splice(before, 0, { path: `${place}.upstream`, message: NO_REQUESTS })
      if (on.upstream !== undefined && !upstreams.includes(on.upstream)) {
        const [what, known] = 'upstream' in fault ? ['upstream', upstreams] : ['role', [...processes, ...upstreams]]
        problems.splice(before, 0, { path: `${place}.${what}`, message: `unknown ${what} "${on.upstream}"${suggest(on.upstream, known)}` })
      }
      for (const planned of onStore ? made.map(ofStore) : made)
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

const processes = processRoles.filter((role) => role !== 'upstream')

/** The gateway's own store, unless an upstream has this name. */
const STORE = 'redis'
const NO_REQUESTS =
  '"redis" is the store of the gateway, which no request of the load is for; give it a fault of the network or of its process, such as blackhole or killed'
const ofStore = (fault: Fault): Fault => (fault.made === 'network' ? { ...fault, role: STORE } : fault)
const isOnUpstream = (fault: Fault): boolean => fault.made === 'process' && fault.role === 'upstream'
