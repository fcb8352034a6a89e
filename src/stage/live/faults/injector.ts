// Puts faults on and takes them off, and writes down when each was asked for, acknowledged, seen to bite, and cleared.
import type { FaultEvent } from '../../../evidence/events.ts'
import { realClock } from '../../../kernel/clock.ts'
import type { PlannedFault } from '../../../plan/plan.ts'
import { injectionOf, type Targets } from './injection.ts'

export interface InjectorOptions {
  targets: Targets
  write: (event: FaultEvent) => void
}

export interface Injector extends AsyncDisposable {
  /** Never rejects. A fault that cannot be put on is written down as failed, and no criterion about it will pass. */
  inject(fault: PlannedFault): Promise<void>
  /** Never rejects. */
  clear(fault: PlannedFault): Promise<void>
}

export function createInjector({ targets, write }: InjectorOptions): Injector {
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

  const injector: Injector = {
    async inject(fault) {
      const watching = new AbortController()
      active.set(fault.id, { fault, watching })
      const injection = injectionOf(fault)
      const look = await injection.watch(targets, fault, watching.signal)
      await attempt(fault, ['requested', 'acknowledged'], () => injection.inject(targets, fault))
      void look().then((bite) => bite !== undefined && tell(fault, 'bite', bite))
    },
    async clear(fault) {
      active.get(fault.id)?.watching.abort()
      await attempt(fault, ['clear_requested', 'cleared'], () => injectionOf(fault).clear(targets, fault))
      active.delete(fault.id)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...active.values()].map(({ fault }) => injector.clear(fault)))
    },
  }
  return injector
}
