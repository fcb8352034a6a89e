// A real Toxiproxy if this machine has one, else ours; the backend's `kind` says which.
import type { StartBackend } from '../backend.ts'
import { binary, findProgram } from './binary.ts'
import { embedded } from './embedded.ts'

export const auto: StartBackend = (options) => (findProgram() === undefined ? embedded(options) : binary(options))
