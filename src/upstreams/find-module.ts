// Finds an upstream again by its module and export: how a definition travels from a scenario into the process that serves it.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { GatecrashError } from '../kernel/errors.ts'
import { suggest } from '../kernel/validation.ts'
import { isUpstream, type Upstream } from './define.ts'

/**
 * Imports `module` (a path, relative to the working directory or absolute) and returns its upstream `name`.
 * @throws GatecrashError `invalid_scenario` when the module cannot be imported, or does not export a value of `defineUpstream` by that name
 */
export async function loadUpstream(module: string, name: string): Promise<Upstream> {
  const refuse = (text: string, cause?: unknown): GatecrashError =>
    new GatecrashError('invalid_scenario', `${module}: ${text}`, { data: { module, export: name }, cause })

  let exports: Record<string, unknown>
  try {
    exports = (await import(pathToFileURL(resolve(module)).href)) as Record<string, unknown>
  } catch (cause) {
    throw refuse(`cannot be imported: ${(cause as Error).message}`, cause)
  }
  const found = exports[name]
  if (isUpstream(found)) return found
  if (name in exports) throw refuse(`its export "${name}" is no upstream; make it with defineUpstream(import.meta, { … })`)
  throw refuse(
    `has no export "${name}"${suggest(name, Object.keys(exports))}; write: export const ${name} = defineUpstream(import.meta, { … })`,
  )
}
