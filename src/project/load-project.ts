// Finds, runs and checks the config of the project that a folder belongs to.
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { GatecrashError } from '../kernel/errors.ts'
import { nearPath } from '../kernel/modules/near-path.ts'
import { shown } from '../kernel/validation.ts'
import { type CheckFlags, checkConfig } from './check-config.ts'
import { findConfig } from './find-config.ts'
import type { Project } from './project.ts'
import { runUserCode } from './user-code/user-code.ts'

/**
 * The project of `folder`; undefined where it has no config.
 * @throws GatecrashError `invalid_config` with every problem of the config; `invalid_scenario` for what its code throws
 */
export async function loadProject(folder: string, checkFlags: CheckFlags): Promise<Project | undefined> {
  const file = findConfig(folder)
  if (file === undefined) return undefined
  const source = nearPath(file)
  // What is exported may be anything: it is looked at where what it throws is caught.
  return runUserCode(file, source, async () => {
    const module = (await import(pathToFileURL(file).href)) as { default?: unknown }
    if (!isObject(module.default)) throw new GatecrashError('invalid_config', `${source}: ${strangeExport(module)}`)
    return checkConfig(module.default, { source, folder: dirname(file) }, checkFlags)
  })
}

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Promise)

function strangeExport(module: { default?: unknown }): string {
  const wanted = 'its default export must be what defineConfig({ … }) returns'
  if (!Object.hasOwn(module, 'default')) return `${wanted}; there is none`
  return `${wanted}${module.default instanceof Promise ? '; it is a promise: await it' : `, got ${shown(module.default)}`}`
}
