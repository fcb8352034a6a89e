// What is kept of operations in the store. Each step is one transaction.
//
//   operation:{operation_id}              where it stands; expires once it is over
//   operation_processing:{operation_id}   as long as it is processing: when this attempt began. Stuck ones are looked for here alone
//   operation_again:{operation_id}        one that was stuck, and is tried again without a hand
//   operations_of:{user}                  the ids of those of one user that are processing
import * as z from 'zod'
import type { Ms } from '../../../kernel/clock.ts'
import type { Store, Transaction } from '../../stores/store.ts'
import { InTurn } from '../in-turn.ts'
import { afterReport, again, begun, isStuck, markedStuck, operation, type Operation, type OperationReport } from './operation.ts'
import type { OperationsSettings } from './settings.ts'

const OPERATION = 'operation:'
const PROCESSING = 'operation_processing:'
const AGAIN = 'operation_again:'
const PAGE = 500

const ids = z.array(z.string())

/** Whose an operation is, and how many of them may be processing at once. */
export interface Owner {
  user: string
  atMost: number
}

export type Creation = { is: 'new' | 'known' | 'other'; operation: Operation } | { is: 'full' }

/** `known`: it was told before. `not_now`: where it stands, that cannot be. `full`: its user has as many as may be processing. */
export type Step = { is: 'changed' | 'known' | 'not_now' | 'full'; operation: Operation } | { is: 'unknown' }

export class OperationLedger {
  readonly #store: Store
  readonly #settings: OperationsSettings
  /** Milliseconds since 1970. */
  readonly #now: () => Ms
  /** By user: all that changes how many are processing. */
  readonly #turns = new InTurn()

  constructor(store: Store, settings: OperationsSettings, now: () => Ms) {
    this.#store = store
    this.#settings = settings
    this.#now = now
  }

  /** Once it resolves, the store has it. `known`: it was created before. `other`: as another kind, or for another user, under the same id. */
  async create(id: string, kind: string, owner?: Owner): Promise<Creation> {
    const now = this.#now()
    return this.#inTurnOf(owner?.user, () =>
      this.#store.transaction(async (within) => {
        const before = read(await within.get(OPERATION + id))
        if (before) return { is: before.kind === kind && before.user === owner?.user ? 'known' : 'other', operation: before }
        const created = begun(id, kind, now, owner?.user)
        if (!(await this.#put(within, created, owner?.atMost))) return { is: 'full' }
        return { is: 'new', operation: created }
      }),
    )
  }

  async find(id: string): Promise<Operation | undefined> {
    return read(await this.#store.get(OPERATION + id))
  }

  /** How many of this user are processing. */
  async processingOf(user: string): Promise<number> {
    return readIds(await this.#store.get(ofUser(user))).length
  }

  /** In the order of their ids: the first `limit` after `after`. */
  async list(limit: number, after = ''): Promise<Operation[]> {
    const entries = await this.#store.list(OPERATION, limit, OPERATION + after)
    return entries.flatMap(({ value }) => read(value) ?? [])
  }

  /** `not_now`: the report is about an attempt that is over. */
  report(id: string, report: OperationReport): Promise<Step> {
    return this.#step(id, (before, now) => afterReport(before, report, now))
  }

  /** `not_now`: it did not end with an error. `atMost`: operations of its user that may be processing then. */
  retry(id: string, atMost = Number.POSITIVE_INFINITY): Promise<Step> {
    return this.#step(id, again, atMost)
  }

  /** Those that process for too long, as they stand. */
  async *stuck(): AsyncGenerator<Operation> {
    for (let after = PROCESSING; ;) {
      const page = await this.#store.list(PROCESSING, PAGE, after)
      for (const { key, value } of page) {
        if (!this.#isStuck({ status: 'processing', started_at: Number(value) })) continue
        const found = await this.find(key.slice(PROCESSING.length))
        if (found && this.#isStuck(found)) yield found
      }
      if (page.length < PAGE) return
      after = page.at(-1)!.key
    }
  }

  /** Marks them as errors, and gives them. */
  async *markStuck(): AsyncGenerator<Operation> {
    for await (const { operation_id: id } of this.stuck()) {
      // One by one: it may have ended since it was looked at, or another gateway may have marked it.
      const step = await this.#step(id, (before, now) =>
        this.#isStuck(before) ? markedStuck(before, this.#settings.stuckAfter, now) : undefined,
      )
      if (step.is === 'changed') yield step.operation
    }
  }

  /** Tries again what was stuck, as far as the settings allow, and gives it. What its user has no room for now waits. */
  async *again(atMost?: number): AsyncGenerator<Operation> {
    for (let after = AGAIN; ;) {
      const page = await this.#store.list(AGAIN, PAGE, after)
      for (const { key } of page) {
        const step = await this.retry(key.slice(AGAIN.length), atMost)
        if (step.is === 'changed') yield step.operation
      }
      if (page.length < PAGE) return
      after = page.at(-1)!.key
    }
  }

  #isStuck(found: Pick<Operation, 'status' | 'started_at'>): boolean {
    return isStuck(found, this.#settings.stuckAfter, this.#now())
  }

  async #step(id: string, change: (before: Operation, now: Ms) => Operation | undefined, atMost?: number): Promise<Step> {
    // Whose it is never changes.
    const owner = (await this.find(id))?.user
    return this.#inTurnOf(owner, () =>
      this.#store.transaction(async (within) => {
        const before = read(await within.get(OPERATION + id))
        if (!before) return { is: 'unknown' }
        const after = change(before, this.#now())
        if (!after) return { is: 'not_now', operation: before }
        if (after === before) return { is: 'known', operation: before }
        if (!(await this.#put(within, after, atMost))) return { is: 'full', operation: before }
        return { is: 'changed', operation: after }
      }),
    )
  }

  #inTurnOf<Result>(user: string | undefined, work: () => Promise<Result>): Promise<Result> {
    return user === undefined ? work() : this.#turns.run(user, work)
  }

  /** False, with nothing written: its user has `atMost` others that are processing. */
  async #put(within: Transaction, kept: Operation, atMost = Number.POSITIVE_INFINITY): Promise<boolean> {
    const { operation_id: id, status, started_at: startedAt, user, attempt, error } = kept
    const isProcessing = status === 'processing'
    if (user !== undefined) {
      // Ids, and no number: what is counted twice, or given back twice, changes nothing.
      const before = readIds(await within.get(ofUser(user)))
      const isCounted = before.includes(id)
      if (isProcessing && !isCounted && before.length >= atMost) return false
      const after = isProcessing ? [...before, id] : before.filter((other) => other !== id)
      if (after.length === 0) within.delete(ofUser(user))
      else if (isCounted !== isProcessing) within.put(ofUser(user), JSON.stringify(after))
    }
    within.put(OPERATION + id, JSON.stringify(kept), isProcessing ? undefined : this.#settings.kept)
    if (isProcessing) within.put(PROCESSING + id, String(startedAt))
    else within.delete(PROCESSING + id)
    if (error?.class === 'stuck' && attempt <= this.#settings.retries) within.put(AGAIN + id, '', this.#settings.kept)
    else within.delete(AGAIN + id)
    return true
  }
}

const ofUser = (user: string): string => `operations_of:${encodeURIComponent(user)}`

function readIds(text: string | undefined): string[] {
  return text === undefined ? [] : ids.parse(JSON.parse(text))
}

/** What somebody else wrote under such a key is no operation. */
function read(text: string | undefined): Operation | undefined {
  if (text === undefined) return undefined
  try {
    return operation.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
