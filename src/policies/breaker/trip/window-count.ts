// Opens after so many failures within a sliding window. Successes between them do not matter.
import type { BreakerSettings } from '../settings.ts'
import { TimeWindow } from './sliding-window.ts'
import type { TripRule } from './trip-rule.ts'

export function windowCount({ failures, within }: BreakerSettings): TripRule | undefined {
  if (failures === 0 || within === undefined) return undefined
  const window = new TimeWindow(within)
  return {
    cause: 'failures',
    threshold: failures,
    timed: false,
    provenBy: 'head',
    record(failed, _durationMs, now) {
      if (!failed) return false
      window.add(true, now)
      return window.hits >= failures
    },
    broke(now) {
      window.add(true, now)
      return window.hits >= failures
    },
    count: (now) => window.hitsAt(now),
    clear: () => window.clear(),
  }
}
