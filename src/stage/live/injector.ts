// Puts faults on and takes them off, and writes down when each was asked for, acknowledged, seen to bite, and cleared.
// A request fault bites when the fake's log shows it; a network fault when a probe through the proxy feels it.
import { request } from 'undici'
import { realClock } from '../../kernel/clock.ts'
import { GatecrashError } from '../../kernel/errors.ts'
import type { FaultEvent } from '../../evidence/events.ts'
import type { PlannedFault } from '../../plan/plan.ts'
import type { ToxiproxyBackend } from '../../toxiproxy/backends/backend.ts'
import { type Probe, feels, probe } from './canary.ts'

export interface InjectorOptions {
  toxiproxy: ToxiproxyBackend
  /** Control API of each fake. */
  controlUrls: Record<string, string>
  /** Base URL of each proxy. */
  proxyUrls: Record<string, string>
  write: (event: FaultEvent) => void
}

export interface Injector extends AsyncDisposable {
  /** Never rejects: a fault that cannot be put on is written down as failed, and no criterion about it will pass. */
  inject(fault: PlannedFault): Promise<void>
  clear(fault: PlannedFault): Promise<void>
}

export function createInjector({ toxiproxy, controlUrls, proxyUrls, write }: InjectorOptions): Injector {
  const active = new Map<string, { fault: PlannedFault; watching: AbortController }>()
  const tell = (fault: PlannedFault, edge: FaultEvent['edge'], detail?: string): void =>
    write({ type: 'fault', t: realClock.now(), fault: fault.id, edge, ...(detail !== undefined && { detail }) })
  const attempt = async (fault: PlannedFault, edges: [FaultEvent['edge'], FaultEvent['edge']], act: () => Promise<void>): Promise<void> => {
    tell(fault, edges[0])
    try {
      await act()
      tell(fault, edges[1])
    } catch (error) {
      tell(fault, 'failed', error instanceof Error ? error.message : String(error))
    }
  }
  const controlOf = (fault: PlannedFault): string => `${controlUrls[fault.upstream]}/faults/${fault.id}`

  const watchNetwork = async (fault: PlannedFault, healthy: Probe, signal: AbortSignal): Promise<void> => {
    if (fault.fault.made !== 'network') return
    while (!signal.aborted) {
      const seen = await probe(proxyUrls[fault.upstream]!, signal)
      const felt = !signal.aborted && feels(fault.fault, healthy, seen)
      if (felt) return tell(fault, 'bite', felt)
    }
  }

  const injector: Injector = {
    async inject(fault) {
      const watching = new AbortController()
      active.set(fault.id, { fault, watching })
      const { fault: what } = fault
      if (what.made === 'upstream') {
        const body = JSON.stringify({ id: fault.id, fault: what.fault, hits: what.hits })
        await attempt(fault, ['requested', 'acknowledged'], () => send('PUT', controlOf(fault), body))
        return
      }
      const healthy = await probe(proxyUrls[fault.upstream]!, watching.signal)
      await attempt(fault, ['requested', 'acknowledged'], () => toxiproxy.control.addFault(fault.upstream, fault.id, what))
      void watchNetwork(fault, healthy, watching.signal)
    },
    async clear(fault) {
      const { fault: what } = fault
      active.get(fault.id)?.watching.abort()
      await attempt(fault, ['clear_requested', 'cleared'], () =>
        what.made === 'upstream' ? send('DELETE', controlOf(fault)) : toxiproxy.control.removeFault(fault.upstream, fault.id, what),
      )
      active.delete(fault.id)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...active.values()].map(({ fault }) => injector.clear(fault)))
    },
  }
  return injector
}

async function send(method: string, url: string, body?: string): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await request(url, { method, headersTimeout: 2000, bodyTimeout: 2000, ...(body !== undefined && { body, headers }) })
  const text = await response.body.text()
  if (response.statusCode >= 300)
    throw new GatecrashError('child_failed', `${method} ${url} was refused with ${response.statusCode}: ${text.slice(0, 400)}`)
}
