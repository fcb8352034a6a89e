// A real Toxiproxy if this machine has one with all toxics that the run needs, else ours. The backend's `kind` says which.
import type { StartBackend } from './backend.ts'
import { binary, findProgram } from './binary.ts'
import { extendedToxics } from '../../faults/network/networks.ts'
import { embedded } from './embedded.ts'

export const auto: StartBackend = (options) => {
  const needsOurs = options.toxics?.some((type) => Object.hasOwn(extendedToxics, type))
  return needsOurs || findProgram() === undefined ? embedded(options) : binary(options)
}
