// A store over a driver: transactions, and patience with a store that is away for a moment.
import { randomUUID } from 'node:crypto'
import type { Clock, Ms } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import { type Change, type Store, StoreAway, type StoreDriver, type Transaction } from './store.ts'

export interface StoreMeans {
  clock: Pick<Clock, 'sleep'>
  /** For the jitter of waits. */
  random: Random
}

const ATTEMPTS = 3
const FIRST_WAIT: Ms = 100
/** Of one transaction whose reads somebody else changes. */
const MOST_CONFLICTS = 20

export function retryingStore(driver: StoreDriver, { clock, random }: StoreMeans): Store {
  let closed = false
  const ask = async <Result>(operation: () => Promise<Result>): Promise<Result> => {
    for (let attempt = 1; ; attempt++) {
      if (closed) throw new StoreAway('the store is closed')
      try {
        return await operation()
      } catch (error) {
        if (!(error instanceof StoreAway) || attempt === ATTEMPTS) throw error
        // Exponential, with half of it left to chance: gateways that lost one store do not come back to it together.
        await clock.sleep(FIRST_WAIT * 2 ** (attempt - 1) * (0.5 + random.next() / 2))
      }
    }
  }
  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    await driver.close()
  }
  return {
    get: (key) => ask(() => driver.get(key)),
    list: (prefix, limit, after = '') => ask(() => driver.list(prefix, limit, after)),
    async transaction(work) {
      for (let conflicts = 0; conflicts <= MOST_CONFLICTS; conflicts++) {
        const seen = new Map<string, string | undefined>()
        const changes = new Map<string, Change>()
        const within: Transaction = {
          async get(key) {
            const change = changes.get(key)
            if (change) return change.value
            if (!seen.has(key)) seen.set(key, await ask(() => driver.get(key)))
            return seen.get(key)
          },
          put: (key, value, lasts) => void changes.set(key, { key, value, lasts }),
          delete: (key) => void changes.set(key, { key, value: undefined, lasts: undefined }),
        }
        const result = await work(within)
        if (changes.size === 0) return result
        // Sent again under the same id when its answer is lost.
        const commit = { id: randomUUID(), seen, changes: [...changes.values()] }
        if ((await ask(() => driver.commit(commit))) === 'committed') return result
      }
      throw new StoreAway(`what a transaction read was changed ${MOST_CONFLICTS} times by others`)
    },
    ping: () => driver.ping(),
    close,
    [Symbol.asyncDispose]: close,
  }
}
