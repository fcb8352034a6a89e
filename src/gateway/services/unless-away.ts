// What a client is told when a service cannot reach its store: 503, to come again soon. Nothing was accepted.
import { StoreAway } from '../stores/store.ts'
import { Refused } from './service.ts'

/** Seconds. */
const RETRY_AFTER = 1

/** @throws Refused `store_away`; `away` runs before it */
export async function unlessAway<Result>(operation: () => Promise<Result>, away = (): void => {}): Promise<Result> {
  try {
    return await operation()
  } catch (error) {
    if (!(error instanceof StoreAway)) throw error
    away()
    // What the driver says names hosts and ports: it is for the log alone.
    throw new Refused({ reason: 'store_away', technical: 'the store cannot be reached', retryAfter: RETRY_AFTER }, { cause: error })
  }
}
