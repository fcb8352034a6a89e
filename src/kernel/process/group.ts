// A process group: a command and all that it started, as long as they did not leave the group.
import { readFile, readdir } from 'node:fs/promises'
import { type Ms, realClock } from '../clock.ts'

const LOOK_EVERY: Ms = 20
/** Where Linux tells of processes. Other systems have nothing there. */
export const PROC = '/proc'

/** Signals every process of the group that `leader` leads. False when there is none, or none that may be signalled. */
export function signalGroup(leader: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, name)
    return true
  } catch {
    return false
  }
}

/** Whether a process of the group still runs. A process that ended and was not yet waited for does not. */
export async function groupRuns(leader: number): Promise<boolean> {
  if (!signalGroup(leader, 0)) return false
  const members = await groupMembers(leader)
  // Without /proc there is only the answer to the signal.
  return members === undefined || members.some(({ fields: [state] }) => state !== 'Z' && state !== 'X')
}

/** Waits until no process of the group runs, for `withinMs` at most. */
export async function groupEnded(leader: number, withinMs: Ms): Promise<void> {
  for (const deadline = realClock.now() + withinMs; realClock.now() < deadline && (await groupRuns(leader));)
    await realClock.sleep(LOOK_EVERY)
}

/**
 * Each member's process id, and /proc/{pid}/stat: its fields from the state on (man 5 proc: field 3 comes first here).
 * Undefined where there is no /proc.
 */
export async function groupMembers(leader: number, proc = PROC): Promise<{ pid: number; fields: string[] }[] | undefined> {
  const names = await readdir(proc).catch(() => undefined)
  if (!names) return undefined
  const members = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map(async (name) => {
        const stat = await readFile(`${proc}/${name}/stat`, 'utf8').catch(() => '')
        // The command's name, in brackets, may hold anything.
        return { pid: Number(name), fields: stat.slice(stat.lastIndexOf(')') + 2).split(' ') }
      }),
  )
  return members.filter(({ fields }) => Number(fields[2]) === leader)
}

/** Open files and sockets of a process; undefined where they cannot be counted. */
export async function descriptorsOf(pid: number, proc = PROC): Promise<number | undefined> {
  return (await readdir(`${proc}/${pid}/fd`).catch(() => undefined))?.length
}
