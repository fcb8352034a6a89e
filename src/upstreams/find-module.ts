// Finds an upstream again by its module and export.
import { findExport } from '../kernel/find-export.ts'
import { type Upstream, isUpstream } from './define.ts'

/**
 * Imports `module` (a path, relative to the working directory or absolute) and returns its upstream `name`.
 * @throws GatecrashError `invalid_scenario` when the module cannot be imported, or does not export a value of `defineUpstream` by that name
 */
export function loadUpstream(module: string, name: string): Promise<Upstream> {
  return findExport(module, name, { is: isUpstream, noun: 'upstream', madeBy: 'defineUpstream(import.meta, { … })' })
}
