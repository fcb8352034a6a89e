// What criteria want answers to carry, looked for in each answer as it ends.
import type { IncomingHttpHeaders } from 'node:http'
import { type CarriedAsk, carries } from '../../../criteria/answers/carried.ts'
import type { RequestEvent } from '../../../evidence/events.ts'
import { type PlannedRoute, reaches } from '../../../plan/plan.ts'

export type Found = Pick<RequestEvent, 'carries' | 'lacks'>

/** `json` reads the body: undefined where it is no JSON, `untold` where it is too long to be looked at. */
export type LookFor = (route: PlannedRoute, headers: IncomingHttpHeaders, json: () => { value: unknown } | 'untold') => Found

const nothing: Found = {}

export function lookFor(asks: readonly CarriedAsk[]): LookFor {
  const byRoute = new Map<PlannedRoute, readonly CarriedAsk[]>()
  return (route, headers, json) => {
    let asked = byRoute.get(route)
    if (!asked) byRoute.set(route, (asked = asks.filter(({ upstream }) => reaches(route, upstream))))
    if (asked.length === 0) return nothing
    const body = asked.some((ask) => ask.json !== undefined) ? json() : 'untold'
    const found: { carries: string[]; lacks: string[] } = { carries: [], lacks: [] }
    for (const ask of asked) {
      if (ask.json !== undefined && body === 'untold') continue
      found[carries(ask, headers, body === 'untold' ? undefined : body.value) ? 'carries' : 'lacks'].push(ask.key)
    }
    return { ...(found.carries.length > 0 && { carries: found.carries }), ...(found.lacks.length > 0 && { lacks: found.lacks }) }
  }
}
