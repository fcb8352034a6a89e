// Histories of a gateway whose memory, descriptors and processor time are watched.
import type { JournalEvent } from '../../../src/evidence/events.ts'
import { type Story, ok } from '../../judge/history.ts'

interface Second {
  rssBytes: number
  descriptors?: number
  cpu: number
}

/** The gateway second after second, from 1 s to 59 s; `second` tells how it is at a time. */
export const watched = (second: (s: number) => Second | undefined, also: JournalEvent[] = []): Story => ({
  gemini: () => ok,
  breaker: [],
  plan: { faults: [] },
  perSecond: 4,
  also: [
    ...also,
    ...Array.from({ length: 59 }, (_, at) => at + 1).flatMap((s): JournalEvent[] => {
      const seen = second(s)
      return seen ? [{ type: 'health', t: s * 1000, role: 'gateway', ...seen }] : []
    }),
  ],
})

/** Garbage comes and goes: memory is a saw. */
export const saw = (s: number): number => 100e6 + (s % 5) * 30e6
export const even = watched((s) => ({ rssBytes: saw(s), descriptors: 40 + (s % 3) * 100, cpu: 0.2 }))
export const leaking = watched((s) => ({ rssBytes: saw(s) + s * 2e6, descriptors: 40 + s, cpu: 0.2 + s / 200 }))
