// Finds the user's upstreams and faults again by module and export, in the process that serves them.
import { type CustomFaultDefinition, customFaultKey, type CustomFaults } from '../faults/custom-fault.ts'
import { isCustomFault } from '../faults/request/custom.ts'
import { findExport } from '../kernel/modules/find-export.ts'
import { type Upstream, isUpstream } from './define.ts'

/** `module` is absolute, or relative to the working directory. */
export interface Place {
  module: string
  export: string
}

/** @throws GatecrashError `invalid_scenario` when the module cannot be imported, or exports no upstream by that name */
export function loadUpstream({ module, export: name }: Place): Promise<Upstream> {
  return findExport(module, name, { is: isUpstream, noun: 'upstream', madeBy: 'defineUpstream(import.meta, { … })' })
}

/** @throws GatecrashError `invalid_scenario` when a module cannot be imported, or exports no fault by that name */
export async function loadCustomFaults(places: readonly Place[]): Promise<CustomFaults> {
  const found = new Map<string, CustomFaultDefinition>()
  for (const place of places) {
    const sought = { is: isCustomFault, noun: 'fault', madeBy: 'defineRequestFault(import.meta, { … })' }
    const { definition } = await findExport(place.module, place.export, sought)
    found.set(customFaultKey(place), definition)
  }
  return found
}
