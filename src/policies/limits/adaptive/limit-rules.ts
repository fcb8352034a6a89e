// The rules by which a concurrency limit finds itself.
import type { UpstreamPolicies } from '../../settings.ts'
import { Aimd } from './aimd.ts'
import { Gradient } from './gradient.ts'
import type { LimitRule } from './limit-rule.ts'

export function limitRule(settings: NonNullable<UpstreamPolicies['bulkhead']>): LimitRule | undefined {
  const { adaptive, concurrent } = settings
  if (!adaptive) return undefined
  return adaptive.kind === 'aimd' ? new Aimd(adaptive, concurrent) : new Gradient(adaptive, concurrent)
}
