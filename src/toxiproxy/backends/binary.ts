// A Toxiproxy program of this machine: TOXIPROXY_SERVER, or `toxiproxy-server` on PATH.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { GatecrashError } from '../../kernel/errors.ts'
import type { StartBackend } from './backend.ts'
import { startHeld } from './start-held.ts'

export const binary: StartBackend = async (_, detail) => {
  const program = detail ?? findProgram()
  if (program !== undefined && isExecutable(program)) return startHeld('binary', { hold: 'server', program })
  const sought = program === undefined ? 'no toxiproxy-server on PATH' : `${program} cannot be executed`
  throw new GatecrashError('component_missing', `${sought}; install it, set TOXIPROXY_SERVER=/path, or use --toxiproxy embedded`)
}

/** Undefined when there is none. */
export function findProgram(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  if (environment['TOXIPROXY_SERVER']) return environment['TOXIPROXY_SERVER']
  const folders = (environment['PATH'] ?? '').split(delimiter).filter(Boolean)
  return folders.map((folder) => join(folder, 'toxiproxy-server')).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
