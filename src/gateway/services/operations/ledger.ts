// What is kept of operations in the store. Each step is one transaction.
//
//   operation:{operation_id}              where it stands; expires once it is over
//   operation_processing:{operation_id}   as long as it is processing: when this attempt began. Stuck ones are looked for here alone
import type { Ms } from '../../../kernel/clock.ts'
import type { Store, Transaction } from '../../stores/store.ts'
import { afterReport, again, begun, isStuck, markedStuck, operation, type Operation, type OperationReport } from './operation.ts'
import type { OperationsSettings } from './settings.ts'

const OPERATION = 'operation:'
const PROCESSING = 'operation_processing:'
const PAGE = 500

/** `known`: it was told before. `not_now`: where it stands, that cannot be. */
export type Step = { is: 'changed' | 'known' | 'not_now'; operation: Operation } | { is: 'unknown' }

export class OperationLedger {
  readonly #store: Store
  readonly #settings: OperationsSettings
  /** Milliseconds since 1970. */
  readonly #now: () => Ms

  constructor(store: Store, settings: OperationsSettings, now: () => Ms) {
    this.#store = store
    this.#settings = settings
    this.#now = now
  }

  /** Once it resolves, the store has it. `known`: it was created before. `other`: as another kind under the same id. */
  async create(id: string, kind: string): Promise<{ is: 'new' | 'known' | 'other'; operation: Operation }> {
    const now = this.#now()
    return this.#store.transaction(async (within) => {
      const before = read(await within.get(OPERATION + id))
      if (before) return { is: before.kind === kind ? 'known' : 'other', operation: before }
      const created = begun(id, kind, now)
      this.#put(within, created)
      return { is: 'new', operation: created }
    })
  }

  async find(id: string): Promise<Operation | undefined> {
    return read(await this.#store.get(OPERATION + id))
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

  /** `not_now`: it did not end with an error. */
  retry(id: string): Promise<Step> {
    return this.#step(id, again)
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

  #isStuck(found: Pick<Operation, 'status' | 'started_at'>): boolean {
    return isStuck(found, this.#settings.stuckAfter, this.#now())
  }

  async #step(id: string, change: (before: Operation, now: Ms) => Operation | undefined): Promise<Step> {
    return this.#store.transaction(async (within) => {
      const before = read(await within.get(OPERATION + id))
      if (!before) return { is: 'unknown' }
      const after = change(before, this.#now())
      if (!after) return { is: 'not_now', operation: before }
      if (after === before) return { is: 'known', operation: before }
      this.#put(within, after)
      return { is: 'changed', operation: after }
    })
  }

  #put(within: Transaction, kept: Operation): void {
    const { operation_id: id, status, started_at: startedAt } = kept
    const isProcessing = status === 'processing'
    within.put(OPERATION + id, JSON.stringify(kept), isProcessing ? undefined : this.#settings.kept)
    if (isProcessing) within.put(PROCESSING + id, String(startedAt))
    else within.delete(PROCESSING + id)
  }
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
