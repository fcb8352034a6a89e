// Of several gateways on one store, the one that may do a job. Who has it keeps it by doing the job; after who died, another has it once the
// lease has expired.
import type { Ms } from '../../kernel/clock.ts'
import type { Transaction } from './store.ts'

export interface Lease {
  /**
   * Takes or prolongs it, as a part of a transaction: what that writes is written only while the lease is ours. False where another
   * gateway has it.
   */
  hold(within: Transaction): Promise<boolean>
  /** Leaves it to others at once. */
  release(within: Transaction): Promise<void>
}

/** @param holder no other process has the same */
export function leaseOn(key: string, holder: string, lasts: Ms): Lease {
  return {
    async hold(within) {
      const held = await within.get(key)
      if (held !== undefined && held !== holder) return false
      within.put(key, holder, lasts)
      return true
    },
    async release(within) {
      if ((await within.get(key)) === holder) within.delete(key)
    },
  }
}
