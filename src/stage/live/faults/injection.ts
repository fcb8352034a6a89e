// What the stage does for each family of faults, in one table: puts the fault on, takes it off, and watches for what shows that it acts.
import { request } from 'undici'
import { familyOf } from '../../../faults/families.ts'
import type { FaultMade, Made } from '../../../faults/fault.ts'
import type { ProcessHandle, ProcessRole } from '../../../faults/process-fault.ts'
import { processFaultOf } from '../../../faults/processes.ts'
import { type Ms, realClock } from '../../../kernel/clock.ts'
import { GatecrashError } from '../../../kernel/errors.ts'
import type { PlannedFault } from '../../../plan/plan.ts'
import type { ToxiproxyBackend } from '../../../toxiproxy/backends/backend.ts'
import { sendCanary, signOf } from './canary.ts'
import type { GatewayChoice } from '../../../plan/gateway-choice.ts'

/** What of the stage faults act on. */
export interface Targets {
  toxiproxy: ToxiproxyBackend
  /** Control API of each fake. */
  controlUrls: Readonly<Record<string, string>>
  /** Base URL of each proxy. */
  proxyUrls: Readonly<Record<string, string>>
  /** Processes that are the stage's own. */
  processes: Partial<Record<ProcessRole, ProcessHandle>>
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
const CONTROL_TIMEOUT: Ms = 2000

const injections: { readonly [By in Made]: Injection<By> } = {
  request: {
    // The fake's own log shows which requests it hit.
    watch: async () => async () => undefined,
    inject: (on, { id, upstream = '', fault: { fault, hits } }) =>
      control('PUT', `${on.controlUrls[upstream]}/faults/${id}`, JSON.stringify({ id, fault, hits })),
    clear: (on, { id, upstream = '' }) => control('DELETE', `${on.controlUrls[upstream]}/faults/${id}`),
  },
  network: {
    async watch(on, { upstream = '', fault }, signal) {
      const url = on.proxyUrls[upstream] ?? ''
      const healthy = await sendCanary(url, signal)
      return () => seen(signal, async () => signOf(fault, healthy, await sendCanary(url, signal)))
    },
    inject: (on, { id, upstream = '', fault }) => on.toxiproxy.control.addFault(upstream, id, fault),
    clear: (on, { id, upstream = '', fault }) => on.toxiproxy.control.removeFault(upstream, id, fault),
  },
  process: {
    watch:
      async (on, { fault }, signal) =>
      () =>
        seen(signal, async () => processFaultOf(fault.fault).sign(await processOf(on, fault).meet(signal))),
    inject: (on, { fault }) => processFaultOf(fault.fault).begin(processOf(on, fault)),
    clear: (on, { fault }) => processFaultOf(fault.fault).end(processOf(on, fault)),
  },
}

/** The injection for a fault. It takes faults of its own `made` alone. */
export function injectionOf({ fault }: PlannedFault): Injection<Made> {
  return injections[fault.made] as Injection<Made>
}

/** @throws GatecrashError `invalid_scenario` for a fault on the process of a gateway that is given by URL */
export function refuseUnreachable(faults: readonly PlannedFault[], gateway: GatewayChoice): void {
  const planned = faults.find(({ fault }) => fault.made === 'process' && fault.role === 'gateway')
  const isOutOfReach = gateway.kind === 'url' || (gateway.kind === 'command' && gateway.startsContainer === true)
  if (planned && isOutOfReach)
    throw new GatecrashError(
      'invalid_scenario',
      `${planned.id} in ${planned.phase}: the gateway ${familyOf(planned.fault).words(planned.fault)}, but one that is given by its ${gateway.kind === 'url' ? 'URL' : 'image'} is not ours to handle; give it as a command`,
    )
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

function processOf({ processes }: Targets, { role }: FaultMade<'process'>): ProcessHandle {
  const process = processes[role]
  if (process) return process
  throw new GatecrashError('child_failed', `the ${role} is no process of this stage`)
}

async function control(method: string, url: string, body?: string): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const deadlines = { headersTimeout: CONTROL_TIMEOUT, bodyTimeout: CONTROL_TIMEOUT }
  const response = await request(url, { method, ...deadlines, ...(body !== undefined && { body, headers }) })
  const text = await response.body.text()
  if (response.statusCode >= 300)
    throw new GatecrashError('child_failed', `${method} ${url} was refused with ${response.statusCode}: ${text.slice(0, 400)}`)
}
