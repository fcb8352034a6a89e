// Optional peer dependencies: packages that only some users need, and that they install themselves.
import { GatecrashError } from '../errors.ts'

/**
 * Loads an optional peer dependency. `user` is the part of Gatecrash that needs it.
 * @throws GatecrashError `component_missing` with the command that installs it
 */
export async function optionalPackage<Module>(name: string, user: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load()
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND' && String(cause).includes(`'${name}'`)
    if (!isMissing) throw cause
    throw new GatecrashError('component_missing', `${user} needs the package ${name}: npm install --save-dev ${name}`, { cause })
  }
}
