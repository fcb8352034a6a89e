// Upstreams that no request got through to: paths or addresses are not those of the gateway, and nothing that was measured speaks of it.
import { UNKNOWN_ROUTE } from '../../../evidence/events/arrival.ts'
import type { Evidence } from '../../../evidence/evidence.ts'
import { count, plural } from '../../../kernel/wording.ts'
import type { Plan } from '../../../plan/plan.ts'
import { countIn, requestsIn } from '../scope.ts'

export interface Unreached {
  upstream: string
  /** What was seen, as a sentence without its end. */
  why: string
  /** What to do about it. */
  remedy: string
}

/** Of `only`, else of all upstreams that the load asks for. */
export function unreached({ plan, evidence }: { plan: Plan; evidence: Evidence }, only?: string): Unreached[] {
  const phases = plan.phases.map(({ name }) => name)
  return Object.keys(plan.upstreams).flatMap((upstream): Unreached[] => {
    const requests = requestsIn(evidence, { upstream, phases })
    const asked = countIn(requests)
    if ((only !== undefined && upstream !== only) || asked === 0) return []
    const arrived = [...evidence.arrivals, ...evidence.own].filter((cell) => cell.upstream === upstream)
    if (arrived.some(({ route }) => route !== UNKNOWN_ROUTE)) return []
    if (arrived.length > 0)
      return [
        {
          upstream,
          why: `whatever reached ${upstream} asked for a path that its fake does not have`,
          remedy: `give the fake of ${upstream} the paths at which the gateway asks it`,
        },
      ]
    const notFound = notFoundIn(evidence, new Set(requests.map(({ route }) => route)))
    if (notFound * 2 >= asked)
      return [
        {
          upstream,
          why: `no request reached ${upstream}: the gateway answered ${count(notFound)} of ${count(asked)} with 404 or 405 itself`,
          remedy: `ask at paths that the gateway has: \`at\` and \`path\` of the routes for ${upstream}`,
        },
      ]
    return [
      {
        upstream,
        why: `none of ${plural(asked, 'request')} reached ${upstream}`,
        remedy: `let the gateway ask ${upstream} at the address that it is given: its \`env\`, or ports that \`--listen\` fixes`,
      },
    ]
  })
}

/** Answers that say that there is nothing at the path, or nothing for the method. */
function notFoundIn({ failures }: Evidence, routes: ReadonlySet<string>): number {
  return failures
    .filter(({ route, status }) => routes.has(route) && (status === 404 || status === 405))
    .reduce((sum, cell) => sum + cell.count, 0)
}
