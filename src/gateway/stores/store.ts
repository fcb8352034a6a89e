// What outlives the process: texts by key, some of which expire. Services keep their work here; the proxy keeps nothing.
//
//   service ──▶ Store ─▶ transaction: reads are noted, writes are gathered ─▶ driver: all of it at once, or nothing
//                └─ a store that is away is asked again, at most three times; then StoreAway
import type { Ms } from '../../kernel/clock.ts'

export interface Entry {
  key: string
  value: string
}

export interface Store extends AsyncDisposable {
  /** @throws StoreAway */
  get(key: string): Promise<string | undefined>
  /** Entries whose key begins with `prefix` and comes after `after`, in the order of keys; of more than `limit` the first. @throws StoreAway */
  list(prefix: string, limit: number, after?: string): Promise<Entry[]>
  /**
   * What `work` writes is there as a whole once this resolves, and not at all when `work` throws. When a key that it read was changed
   * meanwhile by somebody else, it runs again. It must do nothing but read and write here.
   * @throws StoreAway, and whatever `work` throws
   */
  transaction<Result>(work: (within: Transaction) => Result | Promise<Result>): Promise<Result>
  /** Whether it can be reached now. Asks once. @throws StoreAway */
  ping(): Promise<void>
  /** Lets go of files and connections. */
  close(): Promise<void>
}

export interface Transaction {
  /** Sees what this transaction wrote. @throws StoreAway */
  get(key: string): Promise<string | undefined>
  /** Expires after `lasts`; without it, never. */
  put(key: string, value: string, lasts?: Ms): void
  delete(key: string): void
}

/** A write of a transaction: the new value, or undefined for none. */
export interface Change {
  key: string
  value: string | undefined
  lasts: Ms | undefined
}

/** A transaction as a driver carries it out. */
export interface Commit {
  /** Tells a commit that is sent again from a new one: what was carried out once is not carried out twice. */
  id: string
  /** What was read; undefined where there was nothing. */
  seen: ReadonlyMap<string, string | undefined>
  changes: readonly Change[]
}

/** One way of keeping. Each operation throws StoreAway where it cannot be had now; the store asks again. */
export interface StoreDriver {
  get(key: string): Promise<string | undefined>
  list(prefix: string, limit: number, after: string): Promise<Entry[]>
  /** `conflict`, with nothing changed, when what was seen is no longer so. */
  commit(commit: Commit): Promise<'committed' | 'conflict'>
  ping(): Promise<void>
  close(): Promise<void>
}

/** The store cannot be reached, or cannot write. What was asked may have been done all the same, where its answer was lost. */
export class StoreAway extends Error {
  override readonly name = 'StoreAway'
}
