// Plays phases and faults at their planned times. It never waits until a fault is injected: a slow injection is recorded as late.
import { type Ms, realClock } from '../../kernel/clock.ts'
import type { PhaseEvent } from '../../evidence/events.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Injector } from './faults/injector.ts'

export interface TimelineOptions {
  plan: Plan
  /** Monotonic time of load start. */
  origin: Ms
  injector: Injector
  /** Stops the timeline where it is. The injector takes off the faults that are on. */
  signal: AbortSignal
  write: (event: PhaseEvent) => void
}

/** Resolves when the last phase has ended and its faults are cleared, or soon after the signal. Never rejects. */
export async function playTimeline({ plan, origin, injector, signal, write }: TimelineOptions): Promise<void> {
  const until = (atMs: Ms): Promise<boolean> =>
    realClock.sleep(origin + atMs - realClock.now(), signal).then(
      () => true,
      () => false,
    )
  const pending: Promise<void>[] = []
  for (const phase of plan.phases) {
    if (!(await until(phase.startMs))) break
    write({ type: 'phase', t: realClock.now(), phase: phase.name, edge: 'start' })
    const faults = plan.faults.filter((fault) => fault.phase === phase.name)
    const injected = faults.map((fault) => injector.inject(fault))
    pending.push(...injected)
    if (!(await until(phase.endMs))) break
    write({ type: 'phase', t: realClock.now(), phase: phase.name, edge: 'end' })
    pending.push(...faults.map((fault, at) => injected[at]!.then(() => injector.clear(fault))))
  }
  await Promise.all(pending)
}
