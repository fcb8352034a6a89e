// What the simulation cannot model. It is refused before anything is played: a guess would look like a measurement.
import { alertCriteria } from '../criteria/alerts/alerts.ts'
import { saturationCriteria } from '../criteria/saturation/saturation.ts'
import { type GatecrashError, type Problem, problemsError } from '../kernel/errors.ts'
import { share } from '../kernel/wording.ts'
import { familyOf } from '../faults/families.ts'
import { isOnStore } from '../faults/fault.ts'
import { firstSegment } from '../gateway/request/target.ts'
import type { NetworkFault } from '../faults/network/networks.ts'
import type { Plan, PlannedFault } from '../plan/plan.ts'
import { breakerToReset } from './questions.ts'
import { unjudgedOf } from './unjudged.ts'
import type { Calibration } from './calibration/calibration.ts'

/** Of one core. Beyond it, requests wait for the processor, and how long is not modelled. */
const MAX_BUSY = 0.7

/** @throws GatecrashError `invalid_scenario` with everything of the plan that cannot be simulated */
export function refuseUnmodelled(plan: Plan, calibration: Calibration): void {
  for (const error of refusalOf(plan, calibration)) throw error
}

/** One error with all that cannot be simulated; none where everything can. */
export function refusalOf(plan: Plan, calibration: Calibration): GatecrashError[] {
  const problems = unmodelled(plan, calibration)
  return problems.length === 0 ? [] : [problemsError('invalid_scenario', `${plan.scenario} cannot be simulated; run it live`, problems)]
}

/** Everything of the plan that cannot be simulated, with the place and the reason. */
function unmodelled(plan: Plan, calibration: Calibration): Problem[] {
  return [
    ...settingProblems(plan),
    ...loadProblems(plan),
    ...busyProblems(plan, calibration),
    ...faultProblems(plan),
    ...criterionProblems(plan),
  ]
}

const knownSettings: ReadonlySet<string> = new Set(['upstreams', 'expects', 'server'])
// Until a request asks for one of their addresses, these change nothing that clients or upstreams see. Routes that ask for them are
// refused below, as are criteria about alerts.
const idleServices: ReadonlySet<string> = new Set(['health', 'status', 'chain', 'webhooks', 'alerts'])

function settingProblems({ gateway }: Plan): Problem[] {
  return [
    ...Object.entries<object | undefined>({ ...gateway }).flatMap(([name, settings]) =>
      knownSettings.has(name)
        ? []
        : Object.keys(settings ?? {})
            .filter((each) => name !== 'services' || !idleServices.has(each))
            .map((each) => ({ path: `gateway.${name}.${each}`, message: 'is not modelled' })),
    ),
    ...(gateway.server?.['maxLoopDelay'] === undefined
      ? []
      : [{ path: 'gateway.server.maxLoopDelay', message: 'is about a busy processor, which is not modelled' }]),
  ]
}

function loadProblems({ load, phases, upstreams, gateway }: Plan): Problem[] {
  const routes = load.mix.flatMap(({ route, method, paths, headers, identities }, at): Problem[] => {
    const path = `load.mix[${at}]`
    const own = paths.filter((each) => !Object.hasOwn(upstreams, firstSegment(each) ?? ''))
    const strange = own.find((each) => breakerToReset(method, each) === undefined)
    if (strange !== undefined)
      return [{ path, message: `${route} asks for ${strange}, and only addresses that begin with an upstream are modelled` }]
    const isAnyone = Object.keys(headers).length === 0 && !identities && gateway.server?.['adminToken'] === undefined
    if (own.length > 0 && !isAnyone)
      return [{ path, message: `${route} asks as an operator who is told by headers, which is not modelled` }]
    return []
  })
  const saturated = phases.flatMap(({ name, saturation }) =>
    saturation ? [{ path: `phases.${name}`, message: 'is saturated: a busy processor is not modelled' }] : [],
  )
  return [...routes, ...saturated]
}

function busyProblems({ load }: Plan, { gatewayWork }: Calibration): Problem[] {
  const most = Math.max(...load.rate.map(({ startPerSecond, endPerSecond }) => Math.max(startPerSecond, endPerSecond)))
  const busy = (most * gatewayWork) / 1000
  if (busy <= MAX_BUSY) return []
  const sentence = `${Math.round(most)} requests a second would take ${share(busy)} of a core: a busy processor is not modelled, beyond ${share(MAX_BUSY)}`
  return [{ path: 'load.rate', message: sentence }]
}

function faultProblems({ faults }: Plan): Problem[] {
  return faults.flatMap((planned): Problem[] => {
    const { id, phase, fault } = planned
    const path = `faults.${id}`
    const what = `${familyOf(fault).name(fault)} in ${phase}`
    if (fault.made === 'process')
      return fault.role === 'upstream' && fault.fault.is === 'killed'
        ? []
        : [{ path, message: `${what} is a fault of a process, which is not modelled` }]
    if (fault.made === 'network') {
      if (isOnStore(fault)) return [{ path, message: `${what} is a fault of the gateway's store, which is not modelled` }]
      const cutter = losesPieces(fault) ? faults.find((other) => cutsUp(other, planned)) : undefined
      return cutter === undefined
        ? []
        : [{ path, message: `${what} loses parts of messages that ${cutter.id} cuts into pieces, which is not modelled` }]
    }
    return []
  })
}

const losesPieces = (fault: NetworkFault): boolean => fault.is === 'toxic' && fault.toxic.type === 'packet_loss'

// What these toxics take in one piece they hand on in one piece. Where a whole message is lost or is not, that is known.
const keepPieces: ReadonlySet<string> = new Set(['packet_loss', 'latency', 'jitter'])

/** Whether messages that `losing` may lose are in pieces by another toxic. */
function cutsUp({ fault, upstream, phase }: PlannedFault, losing: PlannedFault): boolean {
  if (fault.made !== 'network' || fault.is !== 'toxic' || losing.fault.made !== 'network' || losing.fault.is !== 'toxic') return false
  const meets = upstream === losing.upstream && phase === losing.phase && fault.stream === losing.fault.stream
  return meets && !keepPieces.has(fault.toxic.type)
}

function criterionProblems(plan: Plan): Problem[] {
  const about = (kind: string): string | undefined =>
    Object.hasOwn(saturationCriteria, kind) ? 'the machine, which is' : Object.hasOwn(alertCriteria, kind) ? 'alerts, which are' : undefined
  const problems = plan.criteria.flatMap(({ id, criterion: { kind } }) => {
    const what = about(kind)
    return what === undefined ? [] : [{ path: `criteria.${id}`, message: `${kind} is about ${what} not modelled` }]
  })
  const unjudged = unjudgedOf(plan)
  if (unjudged.length === 0 || unjudged.length < plan.criteria.length) return problems
  return [{ path: 'criteria', message: "are all about the gateway's process, which a simulation does not have" }]
}
