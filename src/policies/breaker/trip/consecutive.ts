// Opens after so many failures with no success between them; neutral outcomes are not asked about and break no row.
import type { UpstreamPolicies } from '../../settings.ts'
import type { TripRule } from './trip-rule.ts'

export function consecutive({ failures, within }: NonNullable<UpstreamPolicies['breaker']>): TripRule | undefined {
  if (failures === 0 || within !== undefined) return undefined
  let row = 0
  return {
    cause: 'failures',
    threshold: failures,
    timed: false,
    record(failed) {
      row = failed ? row + 1 : 0
      return row >= failures
    },
    count: () => row,
    clear() {
      row = 0
    },
  }
}
