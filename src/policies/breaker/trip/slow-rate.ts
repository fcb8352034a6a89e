// Opens at a share of slow calls. A call that takes exactly the limit is not slow.
import type { BreakerSettings } from '../settings.ts'
import { slidingWindow } from './sliding-window.ts'
import type { TripRule } from './trip-rule.ts'

export function slowRate({ slowRate: settings }: BreakerSettings): TripRule | undefined {
  if (!settings) return undefined
  const window = slidingWindow(settings)
  return {
    cause: 'slow_rate',
    threshold: Math.ceil(settings.ratio * settings.minimum - 1e-9),
    timed: true,
    provenBy: 'head',
    record(_failed, durationMs, now) {
      window.add(durationMs > settings.over, now)
      return window.calls >= settings.minimum && window.hits / window.calls >= settings.ratio
    },
    // The head came in time.
    broke: () => false,
    count: (now) => window.hitsAt(now),
    clear: () => window.clear(),
  }
}
