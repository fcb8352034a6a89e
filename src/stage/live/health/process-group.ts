// Processor time, waits for a processor, memory and descriptors of a process group without instrumentation of ours, read once a second from /proc.
// Without Linux, a note says that nothing is known.
import { type Ms, realClock } from '../../../kernel/clock.ts'
import { repeatedly } from '../../../kernel/poll.ts'
import { PROC, descriptorsOf, groupMembers } from '../../../kernel/process/group.ts'
import type { HealthEvent, NoteEvent, Role } from '../../../evidence/events.ts'
import { type ThreadWaits, longestWait, threadWaits } from './processor-wait.ts'

const EVERY: Ms = 1000
// USER_HZ is 100 on every Linux that Node runs on (man 5 proc).
const TICKS_PER_SECOND = 100
const PAGE_BYTES = 4096

/**
 * Writes a `health` event a second for the group led by `pid`, until disposed or until the group has ended; one `note` where the system
 * does not tell, which judges take for nothing known.
 */
export function watchGroupHealth(role: Role, pid: number, write: (event: HealthEvent | NoteEvent) => void, proc = PROC): Disposable {
  let before: { t: Ms; ticks: number; waits: ThreadWaits } | undefined
  return repeatedly(EVERY, async (stopped) => {
    const usage = await groupUsage(pid, proc)
    const t = realClock.now()
    if (!usage) write({ type: 'note', t, code: 'health_unknown', text: unknownText(role) })
    if (stopped() || !usage || usage.is === 'ended') return 'enough'
    if (before) {
      const seconds = (t - before.t) / 1000
      const cpu = (usage.ticks - before.ticks) / TICKS_PER_SECOND / seconds
      const waited = longestWait(before.waits, usage.waits)
      write({
        type: 'health',
        t,
        role,
        cpu: Math.max(0, cpu),
        rssBytes: usage.rssPages * PAGE_BYTES,
        ...(waited !== undefined && { waited: waited / seconds }),
        ...(usage.descriptors > 0 && { descriptors: usage.descriptors }),
      })
    }
    before = { t, ticks: usage.ticks, waits: usage.waits }
    return 'again'
  })
}

const unknownText = (role: Role): string =>
  `unknown on this system: memory, open files and processor time of the ${role}, and how long it waited for a processor`

interface Usage {
  is: 'running'
  ticks: number
  waits: ThreadWaits
  rssPages: number
  descriptors: number
}

/** Undefined where the system does not tell. */
async function groupUsage(leader: number, proc: string): Promise<Usage | { is: 'ended' } | undefined> {
  const members = await groupMembers(leader, proc)
  if (!members) return undefined
  if (members.length === 0) return { is: 'ended' }
  const descriptors = await Promise.all(members.map(({ pid }) => descriptorsOf(pid, proc)))
  const waits = await threadWaits(members.map(({ pid }) => pid))
  // Counted from the state, which is field 3: utime 14, stime 15, rss 24.
  const sum = (at: number): number => members.reduce((total, { fields }) => total + Number(fields[at]), 0)
  return {
    is: 'running',
    ticks: sum(11) + sum(12),
    waits,
    rssPages: sum(21),
    descriptors: descriptors.reduce<number>((total, count) => total + (count ?? 0), 0),
  }
}
