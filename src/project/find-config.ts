// Where a project's config is: the first gatecrash.config upwards from a folder, no higher than the nearest package.json.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { problemsError } from '../kernel/errors.ts'

const NAMES = ['ts', 'mts', 'js', 'mjs'].map((ending) => `gatecrash.config.${ending}`)

/**
 * Absolute, or undefined without one. Without a package.json above, only the folder itself is looked at: whatever lies higher is not
 * known to be the project's.
 * @throws GatecrashError `invalid_config` for two of them in one folder
 */
export function findConfig(folder: string): string | undefined {
  for (const place of foldersUpwards(folder)) {
    const [first, ...others] = NAMES.filter((name) => existsSync(join(place, name)))
    if (others.length > 0)
      throw problemsError('invalid_config', place, [
        { path: [first, ...others].join(', '), message: 'there may be one config in a folder; keep one and remove the others' },
      ])
    if (first !== undefined) return join(place, first)
  }
  return undefined
}

/** From `folder` to that of the nearest package.json. */
function foldersUpwards(folder: string): string[] {
  const folders = [folder]
  for (let at = folder; !existsSync(join(at, 'package.json')); folders.push(at)) {
    if (dirname(at) === at) return [folder]
    at = dirname(at)
  }
  return folders
}
