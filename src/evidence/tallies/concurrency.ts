// How many requests were at an upstream at once, and for how long without a break. The clients' requests alone: a gateway's own
// calls are its own affair.
//
//   at once   3        ┌──┐
//             2   ┌────┘  └──┐      longestMs[2]: from here to there, in one stretch
//             1 ──┘          └──
import type { Ms } from '../../kernel/clock.ts'
import { traceTally } from './trace-tally.ts'

export interface ConcurrencyCell {
  /** The phase in which the stretch ended, or that it reached into. */
  phase: string
  upstream: string
  /** longestMs[n]: the longest stretch in which there were n or more at once. Place 0 says nothing. */
  longestMs: Ms[]
}

// More at once than any bulkhead allows need not be told apart.
const MOST = 16_384

interface Level {
  now: number
  /** since[n]: when the current stretch of n or more began. */
  since: Ms[]
  byPhase: ConcurrencyCell[]
}

export const concurrency = traceTally<'concurrency', ConcurrencyCell>({
  evidence: 'concurrency',
  open({ plan, origin, now }) {
    const levels = new Map<string, Level>()
    const ended = (level: Level, upstream: string, n: number, t: Ms): void => {
      const fromMs = level.since[n]! - origin
      // A stretch counts in each phase that it touches, as long as it lasted there.
      for (const [at, { name, startMs, endMs }] of plan.phases.entries()) {
        const lasted = Math.min(t - origin, at === plan.phases.length - 1 ? Number.POSITIVE_INFINITY : endMs) - Math.max(fromMs, startMs)
        if (lasted < 0) continue
        const cell = (level.byPhase[at] ??= { phase: name, upstream, longestMs: [] })
        while (cell.longestMs.length <= n) cell.longestMs.push(0)
        if (lasted > cell.longestMs[n]!) cell.longestMs[n] = lasted
      }
    }
    return {
      arrival({ upstream, t }) {
        let level = levels.get(upstream)
        if (!level) levels.set(upstream, (level = { now: 0, since: [], byPhase: [] }))
        level.now++
        if (level.now <= MOST) level.since[level.now] = t
      },
      departure({ upstream, t }) {
        const level = levels.get(upstream)
        if (!level || level.now === 0) return
        if (level.now <= MOST) ended(level, upstream, level.now, t)
        level.now--
      },
      result() {
        for (const [upstream, level] of levels) for (let n = 1; n <= Math.min(level.now, MOST); n++) ended(level, upstream, n, now())
        return [...levels.values()].flatMap(({ byPhase }) => byPhase.filter((cell) => cell !== undefined))
      },
    }
  },
  key: ({ phase, upstream }) => JSON.stringify([phase, upstream]),
  merge: (a, b) => ({
    ...a,
    longestMs: Array.from({ length: Math.max(a.longestMs.length, b.longestMs.length) }, (_, n) =>
      Math.max(a.longestMs[n] ?? 0, b.longestMs[n] ?? 0),
    ),
  }),
})
