// What is expected of the gateway under test: by name where its settings are only assumed, else all that its settings give it.
import { own } from '../kernel/own.ts'
import type { Lack } from './ability.ts'
import type { PlannedGateway } from './plan.ts'

export function isExpected({ expects, upstreams }: PlannedGateway, upstream: string, ability: Lack): boolean {
  if (ability === 'requestIds') return expects === undefined
  if (expects) return own(expects, upstream)?.includes(ability) === true
  return own(upstreams, upstream)?.[ability] !== undefined
}
