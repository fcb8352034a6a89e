// What the stage does for each family of faults, in one table: puts the fault on, takes it off, and watches for what shows that it acts.
import { STORE_PROXY } from '../../../contract/front-events.ts'
import { familyOf } from '../../../faults/families.ts'
import { type FaultMade, isOnStore, type Made } from '../../../faults/fault.ts'
import type { CanaryResult } from '../../../faults/network/canary-signs.ts'
import type { ProcessHandle, ProcessRole } from '../../../faults/process-fault.ts'
import { processFaultOf } from '../../../faults/processes.ts'
import { type Ms, realClock } from '../../../kernel/clock.ts'
import { GatecrashError } from '../../../kernel/errors.ts'
import { own } from '../../../kernel/own.ts'
import { keepsInRedis } from '../../../plan/gateway-config.ts'
import type { Plan, PlannedFault } from '../../../plan/plan.ts'
import type { ToxiproxyBackend } from '../../../toxiproxy/backends/backend.ts'
import { sendCanary, sendRedisCanary, signOf } from './canary.ts'
import { control } from './control.ts'
import type { GatewayChoice } from '../../../plan/gateway-choice.ts'

/** What of the stage faults act on. */
export interface Targets {
  toxiproxy: ToxiproxyBackend
  /** Control API of each fake. */
  controlUrls: Readonly<Record<string, string>>
  /** Base URL of each proxy. */
  proxyUrls: Readonly<Record<string, string>>
  /** Where the gateway reaches its own store, through a proxy too. */
  storeUrl?: string | undefined
  /** Processes that are the stage's own. */
  processes: Partial<Record<Exclude<ProcessRole, 'upstream'>, ProcessHandle>>
  /** Each fake, as a process fault handles it. */
  fakes: Readonly<Record<string, ProcessHandle>>
}

/** Looks until it sees the fault act, or the signal is aborted. Never rejects. */
type Look = () => Promise<string | undefined>

export type PlannedFaultMade<By extends Made> = Omit<PlannedFault, 'fault'> & { fault: FaultMade<By> }

interface Injection<By extends Made> {
  /** To be called before `inject`. The look is for after it. */
  watch(on: Targets, planned: PlannedFaultMade<By>, signal: AbortSignal): Promise<Look>
  inject(on: Targets, planned: PlannedFaultMade<By>): Promise<void>
  clear(on: Targets, planned: PlannedFaultMade<By>): Promise<void>
}

const LOOK_EVERY: Ms = 10

const injections: { readonly [By in Made]: Injection<By> } = {
  request: {
    // The fake's own log shows which requests it hit.
    watch: async () => async () => undefined,
    inject: (on, { id, upstream = '', fault: { fault, hits } }) =>
      control('PUT', `${on.controlUrls[upstream]}/faults/${id}`, JSON.stringify({ id, fault, hits })),
    clear: (on, { id, upstream = '' }) => control('DELETE', `${on.controlUrls[upstream]}/faults/${id}`),
  },
  network: {
    async watch(on, planned, signal) {
      const { fault } = planned
      const send = (): Promise<CanaryResult> =>
        isOnStore(fault) ? sendRedisCanary(on.storeUrl ?? '', signal) : sendCanary(on.proxyUrls[planned.upstream ?? ''] ?? '', signal)
      const healthy = await send()
      return () => seen(signal, async () => signOf(fault, healthy, await send()))
    },
    inject: (on, planned) => on.toxiproxy.control.addFault(proxyOf(planned), planned.id, planned.fault),
    clear: (on, planned) => on.toxiproxy.control.removeFault(proxyOf(planned), planned.id, planned.fault),
  },
  process: {
    watch: async (on, planned, signal) => () =>
      seen(signal, async () => processFaultOf(planned.fault.fault).sign(await processOf(on, planned).meet(signal))),
    inject: (on, planned) => processFaultOf(planned.fault.fault).begin(processOf(on, planned)),
    clear: (on, planned) => processFaultOf(planned.fault.fault).end(processOf(on, planned)),
  },
}

/** The injection for a fault. It takes faults of its own `made` alone. */
export function injectionOf({ fault }: PlannedFault): Injection<Made> {
  return injections[fault.made] as Injection<Made>
}

/**
 * @throws GatecrashError `invalid_scenario` for a fault on the process of a gateway that is given by URL, or on a Redis that is not there,
 *   or not ours
 */
export function refuseUnreachable({ faults, gateway: settings }: Pick<Plan, 'faults' | 'gateway'>, gateway: GatewayChoice): void {
  const onRedis = faults.find(({ fault }) => isOnStore(fault))
  if (onRedis && !keepsInRedis(settings))
    throw new GatecrashError(
      'invalid_scenario',
      `${onRedis.id} in ${onRedis.phase}: the gateway has no Redis; give it one by server.store.kind: 'redis'`,
    )
  if (onRedis && gateway.kind === 'url')
    throw new GatecrashError(
      'invalid_scenario',
      `${onRedis.id} in ${onRedis.phase}: the Redis of a gateway that is given by its URL is not ours to handle; give it as a command`,
    )
  const planned = faults.find(({ fault }) => fault.made === 'process' && fault.role === 'gateway')
  const isOutOfReach = gateway.kind === 'url' || (gateway.kind === 'command' && gateway.startsContainer === true)
  if (planned && isOutOfReach)
    throw new GatecrashError(
      'invalid_scenario',
      `${planned.id} in ${planned.phase}: the gateway ${familyOf(planned.fault).words(planned.fault)}, but one that is given by its ${gateway.kind === 'url' ? 'URL' : 'image'} is not ours to handle; give it as a command`,
    )
}

function proxyOf({ upstream = '', fault }: PlannedFaultMade<'network'>): string {
  return isOnStore(fault) ? STORE_PROXY : upstream
}

async function seen(signal: AbortSignal, look: Look): Promise<string | undefined> {
  while (!signal.aborted) {
    const sentence = await look()
    if (signal.aborted) return undefined
    if (sentence !== undefined) return sentence
    await realClock.sleep(LOOK_EVERY, signal).catch(() => {})
  }
  return undefined
}

function processOf({ processes, fakes }: Targets, { upstream = '', fault: { role } }: PlannedFaultMade<'process'>): ProcessHandle {
  const process = role === 'upstream' ? own(fakes, upstream) : processes[role]
  if (process) return process
  throw new GatecrashError('child_failed', `the ${role} is no process of this stage`)
}
