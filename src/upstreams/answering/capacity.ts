// Which workers a request needs: those of the service, or those that a fault leaves it. A fault's workers are its own, and go with it.
import type { AnswerPlan } from '../../faults/answer-plan.ts'
import type { Ms } from '../../kernel/clock.ts'
import type { Upstream } from '../define.ts'
import type { Decision } from './fault-decider.ts'
import { type WorkerPool, workerPool } from './worker-pool.ts'

export interface CapacityOf {
  /**
   * When the work begins; undefined when there is no place to wait. A fault whose workers were free has not hit, and leaves the decision.
   * To be called in order of time.
   */
  admit(decision: Decision, now: Ms, busyMs: Ms): Ms | undefined
  /** Forgets the workers of a fault: it is set anew, or gone. */
  forget(fault: string): void
  forgetAll(): void
}

interface Limited {
  pool: WorkerPool
  since: Ms
}

export function capacityOf({ capacity }: Pick<Upstream, 'capacity'>): CapacityOf {
  const own = capacity && workerPool(capacity)
  const limited = new Map<string, Limited>()

  const limitedBy = (fault: string, { workers, queue, from, overMs }: NonNullable<AnswerPlan['capacity']>, now: Ms): WorkerPool => {
    const known = limited.get(fault) ?? { pool: workerPool({ workers: from, queue }), since: now }
    limited.set(fault, known)
    const grown = overMs > 0 ? Math.min(1, (now - known.since) / overMs) : 1
    known.pool.growTo(Math.floor(from + (workers - from) * grown))
    return known.pool
  }

  return {
    admit(decision, now, busyMs) {
      const { plan, capacityOf: fault, faults } = decision
      if (fault === undefined || !plan.capacity) return own ? own.admit(now, busyMs) : now
      const beginsAt = limitedBy(fault, plan.capacity, now).admit(now, busyMs)
      if (beginsAt === now) decision.faults = faults.filter((id) => id !== fault)
      return beginsAt
    },
    forget: (fault) => void limited.delete(fault),
    forgetAll: () => limited.clear(),
  }
}
