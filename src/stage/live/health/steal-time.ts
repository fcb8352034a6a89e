// Steal time: the processor time that the host of a virtual machine gives to others. Read once a second from /proc/stat.
// A process that is not scheduled cannot measure it itself. Without Linux, a note says that nothing is known.
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { type Ms, realClock } from '../../../kernel/clock.ts'
import { repeatedly } from '../../../kernel/poll.ts'
import type { HealthEvent, NoteEvent } from '../../../evidence/events.ts'

const EVERY: Ms = 1000
const UNKNOWN = 'unknown on this system: how much processor time the host of a virtual machine withheld'

/** Processor time of the whole machine since it was started, in ticks. */
export interface MachineTicks {
  busy: number
  stolen: number
}

/** Writes a `health` event a second for the machine, until disposed; one `note` where the system does not tell. */
export function watchMachine(write: (event: HealthEvent | NoteEvent) => void, stat = '/proc/stat'): Disposable {
  let before: MachineTicks | undefined
  return repeatedly(EVERY, async (stopped) => {
    const ticks = parseTicks(await readFile(stat, 'utf8').catch(() => ''))
    if (stopped()) return 'enough'
    if (!ticks) {
      write({ type: 'note', t: realClock.now(), code: 'stolen_unknown', text: UNKNOWN })
      return 'enough'
    }
    if (before)
      write({ type: 'health', t: realClock.now(), role: 'machine', stolen: stolenShare(before, ticks), cores: availableParallelism() })
    before = ticks
    return 'again'
  })
}

/** The first line of /proc/stat: user nice system idle iowait irq softirq steal … (man 5 proc); undefined when it is none. */
export function parseTicks(stat: string): MachineTicks | undefined {
  const line = /^cpu +(\d+(?: \d+){7,})$/m.exec(stat)?.[1]
  if (line === undefined) return undefined
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, stolen = 0] = line.split(' ').map(Number)
  return { busy: user + nice + system + irq + softirq, stolen }
}

/** Stolen time as a share of the time for which there was work (0–1). */
export function stolenShare(before: MachineTicks, after: MachineTicks): number {
  const stolen = Math.max(0, after.stolen - before.stolen)
  const wanted = Math.max(0, after.busy - before.busy) + stolen
  return wanted === 0 ? 0 : stolen / wanted
}
