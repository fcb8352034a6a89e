// Finds a value again by its module and export: how what a project defines itself travels from a scenario into other processes and runs.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { GatecrashError, thrownText } from '../errors.ts'
import { suggest } from '../validation.ts'

/** The module that defines what is found again: its `import.meta`, or in CommonJS its `module`. */
export interface DefiningModule {
  /** Absolute. */
  readonly filename: string
}

/** What must be found. */
export interface Sought<Found> {
  is: (value: unknown) => value is Found
  /** For messages: 'upstream'. */
  noun: string
  /** How it is made, for messages: 'defineUpstream(import.meta, { … })'. */
  madeBy: string
}

/**
 * Imports `module` (a path, relative to the working directory or absolute) and returns its export `name`.
 * @throws GatecrashError `invalid_scenario` when the module cannot be imported, or exports nothing of the kind by that name
 */
export async function findExport<Found>(module: string, name: string, { is, noun, madeBy }: Sought<Found>): Promise<Found> {
  const refuse = (text: string, cause?: unknown): GatecrashError =>
    new GatecrashError('invalid_scenario', `${module}: ${text}`, { data: { module, export: name }, cause })

  let exports: Record<string, unknown>
  try {
    exports = exportsOf((await import(pathToFileURL(resolve(module)).href)) as Record<string, unknown>)
  } catch (cause) {
    throw refuse(`cannot be imported: ${thrownText(cause)}`, cause)
  }
  const found = Object.hasOwn(exports, name) ? exports[name] : undefined
  if (is(found)) return found
  if (Object.hasOwn(exports, name)) throw refuse(`its export "${name}" is no ${noun}; make it with ${madeBy}`)
  throw refuse(`has no export "${name}"${suggest(name, Object.keys(exports))}; write: export const ${name} = ${madeBy}`)
}

/** Of CommonJS, Node names those exports that it finds without running the module; `module.exports` holds them all. */
function exportsOf(imported: Record<string, unknown>): Record<string, unknown> {
  const whole = imported['module.exports']
  return typeof whole === 'object' && whole !== null ? { ...whole } : imported
}
