// What is expected of the gateway under test: by name where its settings are only assumed, else all that its settings give it.
import { own } from '../kernel/own.ts'
import type { Ability } from './ability.ts'
import type { PlannedGateway } from './plan.ts'

export function isExpected({ expects, upstreams }: PlannedGateway, upstream: string, ability: Ability): boolean {
  if (expects) return own(expects, upstream)?.includes(ability) === true
  return own(upstreams, upstream)?.[ability] !== undefined
}
