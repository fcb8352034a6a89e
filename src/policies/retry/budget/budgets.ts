// The schemes by which retries are paid for.
import type { UpstreamPolicies } from '../../settings.ts'
import type { RetryBudget } from './budget.ts'
import { RatioBudget } from './ratio.ts'
import { ThrottleBudget } from './throttle.ts'

export function retryBudget(settings: NonNullable<UpstreamPolicies['retry']>['budget']): RetryBudget | undefined {
  if (settings === 'none') return undefined
  return settings.kind === 'throttle' ? new ThrottleBudget(settings) : new RatioBudget(settings)
}
