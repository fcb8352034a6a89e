// What a fault names: an upstream or a process, and the requests that it hits. A name that nothing bears would be a fault that never acts.
import type { FaultInput } from '../../faults/fault-input.ts'
import type { Fault } from '../../faults/fault.ts'
import { hitsSchema } from '../../faults/hits.ts'
import { processRoles } from '../../faults/process-fault.ts'
import type { Problem } from '../../kernel/errors.ts'
import { own } from '../../kernel/own.ts'
import { shown, suggest } from '../../kernel/validation.ts'
import { keepsInRedis } from '../../plan/gateway-config.ts'
import { type PlannedGateway, type PlannedRoute, reaches } from '../../plan/plan.ts'
import type { UpstreamReference } from '../scenario.ts'

export interface Faulted {
  upstreams: Readonly<Record<string, UpstreamReference>>
  /** What the load asks. */
  mix: readonly PlannedRoute[]
  /** Absent: its settings are refused. */
  gateway?: PlannedGateway
  /** Whether claims send their probes meanwhile. */
  hasProbes: boolean
}

const processes = processRoles.filter((role) => role !== 'upstream')

/** The gateway's own store, unless an upstream has this name. */
export const STORE = 'redis'
const NO_REQUESTS =
  '"redis" is the store of the gateway, which no request of the load is for; give it a fault of the network or of its process, such as blackhole or killed'
const NO_STORE = "there is no Redis: the gateway keeps nothing in one; set server.store.kind to 'redis'"

export const isOnStore = (fault: FaultInput, { upstreams }: Pick<Faulted, 'upstreams'>): boolean =>
  fault.made !== 'process' && fault.upstream === STORE && !Object.hasOwn(upstreams, STORE)

/** The upstream that the fault is on; undefined for one on a process that all share, or on the store. `made`: what became of it. */
export function upstreamOf(fault: FaultInput, made: readonly Fault[], there: Pick<Faulted, 'upstreams'>): string | undefined {
  if (isOnStore(fault, there)) return undefined
  if ('upstream' in fault) return fault.upstream
  return made.some((each) => each.made === 'process' && each.role === 'upstream') ? fault.role : undefined
}

/** Problems of names alone, each at its place; what else is wrong with the fault its own family tells. */
export function nameProblems(fault: FaultInput, upstream: string | undefined, place: string, there: Faulted): Problem[] {
  const known = Object.keys(there.upstreams)
  const what = 'upstream' in fault ? 'upstream' : 'role'
  if (upstream !== undefined && !known.includes(upstream)) {
    const named = what === 'upstream' ? known : [...processes, ...known]
    return [{ path: `${place}.${what}`, message: `unknown ${what} "${upstream}"${suggest(upstream, named)}` }]
  }
  if (isOnStore(fault, there) && fault.made === 'request') return [{ path: `${place}.upstream`, message: NO_REQUESTS }]
  if (isOnStore(fault, there) || (fault.made === 'process' && fault.role === STORE))
    return there.gateway && !keepsInRedis(there.gateway) ? [{ path: `${place}.${what}`, message: NO_STORE }] : []
  if (fault.made !== 'request') return []
  // What is no selection of requests at all is told where it is read.
  const { data: hits } = hitsSchema.safeParse(fault.hits)
  if (!hits) return []
  const problems: Problem[] = []
  if (hits.probe !== undefined && !there.hasProbes)
    problems.push({
      path: `${place}.probe`,
      message: `selects a probe, and claims send theirs in phases of their own; leave it out, got ${shown(hits.probe)}`,
    })
  const routes = own(there.upstreams, fault.upstream)?.routes
  if (!routes) return problems
  const unknown = unknownRoutes(hits.routes, fault.upstream, routes, place)
  if (unknown.length > 0 || hits.methods === undefined) return [...problems, ...unknown]
  return [...problems, ...unknownMethods(hits.methods, methodsOf(fault.upstream, hits.routes, routes, there.mix), fault.upstream, place)]
}

type Routes = NonNullable<UpstreamReference['routes']>

function unknownRoutes(named: readonly string[] = [], upstream: string, routes: Routes, place: string): Problem[] {
  const known = Object.keys(routes)
  return named.flatMap((name, at) =>
    known.includes(name) ? [] : [{ path: `${place}.routes[${at}]`, message: `${upstream} has no route "${name}"${suggest(name, known)}` }],
  )
}

/** Those of the fake's routes; where a fault names none, also whatever the load asks there, which may be no route at all. */
function methodsOf(upstream: string, named: readonly string[] | undefined, routes: Routes, mix: readonly PlannedRoute[]): string[] {
  const ofRoutes = (named ?? Object.keys(routes)).map((name) => own(routes, name)!.method)
  const ofLoad = named ? [] : mix.filter((route) => reaches(route, upstream)).map(({ method }) => method)
  const methods = new Set([...ofRoutes, ...ofLoad])
  // A fake answers HEAD as GET.
  return [...methods, ...(methods.has('GET') ? ['HEAD'] : [])]
}

function unknownMethods(named: readonly string[], known: readonly string[], upstream: string, place: string): Problem[] {
  return named.flatMap((method, at) =>
    known.includes(method)
      ? []
      : [{ path: `${place}.methods[${at}]`, message: `nothing asks ${upstream} by ${shown(method)} here; known: ${known.join(', ')}` }],
  )
}
