// Processes that left the group of the command that started them: found by a variable of their environment, from /proc.
// Elsewhere than on Linux: nothing.
import { readFile, readdir } from 'node:fs/promises'
import { type Ms, realClock } from '../clock.ts'

const END_TIMEOUT: Ms = 500
const LOOK_EVERY: Ms = 50

/** Ends every process that has `mark` (`NAME=value`) in its environment: SIGTERM, then SIGKILL. Takes 0.5 s at most. */
export async function endMarked(mark: string): Promise<void> {
  const asked = await signalMarked(mark, 'SIGTERM', 'SIGCONT')
  if (asked === 0) return
  for (const deadline = realClock.now() + END_TIMEOUT; realClock.now() < deadline;) {
    await realClock.sleep(LOOK_EVERY)
    if ((await marked(mark)).length === 0) return
  }
  await signalMarked(mark, 'SIGKILL')
}

async function signalMarked(mark: string, ...names: NodeJS.Signals[]): Promise<number> {
  const pids = await marked(mark)
  for (const pid of pids) {
    try {
      for (const name of names) process.kill(pid, name)
    } catch {
      // It has ended by itself.
    }
  }
  return pids.length
}

async function marked(mark: string): Promise<number[]> {
  const names = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const found = await Promise.all(
    names.map(async (name) => {
      // Empty for a zombie, unreadable for a process of somebody else.
      const environment = await readFile(`/proc/${name}/environ`, 'latin1').catch(() => '')
      return environment.split('\0').includes(mark) ? [Number(name)] : []
    }),
  )
  return found.flat()
}
