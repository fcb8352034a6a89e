// The schemes of retry budgets.
import * as z from 'zod'
import type { RetryBudget } from './budget.ts'
import { RatioBudget, ratioBudgetSettings } from './ratio.ts'
import { ThrottleBudget, throttleBudgetSettings } from './throttle.ts'

export const retryBudgetSettings = z.union([z.literal('none'), throttleBudgetSettings, ratioBudgetSettings]).prefault({})

export function retryBudget(settings: z.output<typeof retryBudgetSettings>): RetryBudget | undefined {
  if (settings === 'none') return undefined
  return settings.kind === 'throttle' ? new ThrottleBudget(settings) : new RatioBudget(settings)
}
