// Whether a process still runs.
import { readFileSync } from 'node:fs'

/** Somebody else's process, which may not be signalled, is one too. A process that ended and was not yet waited for is none. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  const state = statOf(pid)?.[0]
  return state !== 'Z' && state !== 'X'
}

/** Tells a process from a later one with the same pid. Undefined where there is no /proc. */
export function startTimeOf(pid: number): string | undefined {
  return statOf(pid)?.[19]
}

/** The fields of /proc/{pid}/stat from the state on, which is field 3 (man 5 proc); the command's name before may hold anything. */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
