// Processor time and memory of a process group that is not ours to instrument, once a second, from /proc. Elsewhere than on Linux: nothing.
import { readFile, readdir } from 'node:fs/promises'
import { type Ms, realClock } from '../../../kernel/clock.ts'
import { repeatedly } from '../../../kernel/poll.ts'
import type { HealthEvent, Role } from '../../../evidence/events.ts'

const EVERY: Ms = 1000
// USER_HZ is 100 on every Linux that Node runs on (man 5 proc).
const TICKS_PER_SECOND = 100
const PAGE_BYTES = 4096

/** Writes a `health` event a second for the group led by `pid`, until disposed. */
export function watchGroupHealth(role: Role, pid: number, write: (event: HealthEvent) => void): Disposable {
  let before: { t: Ms; ticks: number } | undefined
  return repeatedly(EVERY, async (stopped) => {
    const usage = await groupUsage(pid)
    const t = realClock.now()
    if (stopped() || !usage) return 'enough'
    if (before) {
      const cpu = (usage.ticks - before.ticks) / TICKS_PER_SECOND / ((t - before.t) / 1000)
      write({ type: 'health', t, role, cpu: Math.max(0, cpu), rssBytes: usage.rssPages * PAGE_BYTES })
    }
    before = { t, ticks: usage.ticks }
    return 'again'
  })
}

async function groupUsage(group: number): Promise<{ ticks: number; rssPages: number } | undefined> {
  const entries = await readdir('/proc').catch(() => [])
  const stats = await Promise.all(
    entries.filter((name) => /^\d+$/.test(name)).map((name) => readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')),
  )
  const usage = { ticks: 0, rssPages: 0 }
  let found = false
  for (const stat of stats) {
    // Fields after the command's closing bracket: state, ppid, pgrp … (man 5 proc; field 3 comes first here).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (Number(fields[2]) !== group) continue
    found = true
    usage.ticks += Number(fields[11]) + Number(fields[12])
    usage.rssPages += Number(fields[21])
  }
  return found ? usage : undefined
}
