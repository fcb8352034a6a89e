// Opens at a share of failures, once there were `minimum` calls. Refusals by the gateway itself count as neither.
import type { BreakerSettings } from '../settings.ts'
import { slidingWindow } from './sliding-window.ts'
import type { TripRule } from './trip-rule.ts'

export function failureRate({ failureRate: settings }: BreakerSettings): TripRule | undefined {
  if (!settings) return undefined
  const window = slidingWindow(settings)
  const isTooHigh = (): boolean => window.calls >= settings.minimum && window.hits / window.calls >= settings.ratio
  return {
    cause: 'failure_rate',
    threshold: Math.ceil(settings.ratio * settings.minimum - 1e-9),
    timed: settings.calls === undefined,
    provenBy: 'head',
    record(failed, _durationMs, now) {
      window.add(failed, now)
      return isTooHigh()
    },
    broke(now) {
      window.turn(now)
      return isTooHigh()
    },
    count: (now) => window.hitsAt(now),
    clear: () => window.clear(),
  }
}
