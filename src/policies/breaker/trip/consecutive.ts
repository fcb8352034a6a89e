// Opens after so many failures with no success between them. Neutral outcomes are not recorded: they end no row of failures.
import type { BreakerSettings } from '../settings.ts'
import type { TripRule } from './trip-rule.ts'

export function consecutive({ failures, within }: BreakerSettings): TripRule | undefined {
  if (failures === 0 || within !== undefined) return undefined
  let row = 0
  const record = (failed: boolean): boolean => {
    row = failed ? row + 1 : 0
    return row >= failures
  }
  return {
    cause: 'failures',
    threshold: failures,
    timed: false,
    provenBy: 'end',
    record,
    broke: () => record(true),
    count: () => row,
    clear() {
      row = 0
    },
  }
}
