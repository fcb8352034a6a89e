// What is kept of webhooks in the store. Each step is one transaction: a webhook is pending, delivered, or a dead letter, never none of these.
//
//   webhook_status:{reference_id}         where it stands; expires after a time that depends on it
//   webhook_dead_letter:{reference_id}    what failed for good, until it is sent again
import { isDeepStrictEqual } from 'node:util'
import type { Ms } from '../../../kernel/clock.ts'
import type { Store, Transaction } from '../../stores/store.ts'
import type { WebhooksSettings } from './settings.ts'
import { webhook, type Webhook, type WebhookTask } from './webhook.ts'

const STATUS = 'webhook_status:'
const DEAD_LETTER = 'webhook_dead_letter:'
const PAGE = 500

/** A client's request as it is accepted. */
export interface Accepting {
  reference: string
  correlation: string
  delivery: string
  task: WebhookTask
}

export class WebhookLedger {
  readonly #store: Store
  readonly #kept: WebhooksSettings['kept']
  /** Milliseconds since 1970. */
  readonly #now: () => Ms

  constructor(store: Store, kept: WebhooksSettings['kept'], now: () => Ms) {
    this.#store = store
    this.#kept = kept
    this.#now = now
  }

  /** Once it resolves, the store has it. `known`: it was accepted before. `other`: as another task under the same reference. */
  async accept({ reference, correlation, delivery, task }: Accepting): Promise<{ is: 'new' | 'known' | 'other'; webhook: Webhook }> {
    const now = this.#now()
    return this.#store.transaction(async (within) => {
      const before = read(await within.get(STATUS + reference))
      if (before) return { is: isDeepStrictEqual(before.task, JSON.parse(JSON.stringify(task))) ? 'known' : 'other', webhook: before }
      const accepted: Webhook = {
        reference_id: reference,
        delivery_id: delivery,
        correlation_id: correlation,
        status: 'pending',
        attempts: 0,
        accepted_at: now,
        updated_at: now,
        task,
      }
      this.#put(within, accepted)
      return { is: 'new', webhook: accepted }
    })
  }

  async find(reference: string): Promise<Webhook | undefined> {
    return read(await this.#store.get(STATUS + reference))
  }

  /** Writes what came of an attempt, and the dead letter of what failed for good. */
  async settle(after: Webhook): Promise<void> {
    await this.#store.transaction((within) => {
      this.#put(within, after)
      if (after.status === 'failed') within.put(DEAD_LETTER + after.reference_id, JSON.stringify(after))
    })
  }

  /** In the order of their references: the first `limit` after `after`. */
  async list(limit: number, after = ''): Promise<Webhook[]> {
    return readAll(await this.#store.list(STATUS, limit, STATUS + after))
  }

  async deadLetters(limit: number, after = ''): Promise<Webhook[]> {
    return readAll(await this.#store.list(DEAD_LETTER, limit, DEAD_LETTER + after))
  }

  /** All statuses, a page at a time: nobody holds them all. */
  async *all(): AsyncGenerator<Webhook> {
    for (let after = ''; ;) {
      const page = await this.list(PAGE, after)
      yield* page
      if (page.length < PAGE) return
      after = page.at(-1)!.reference_id
    }
  }

  /** The dead letter is pending again, under the same ids. Undefined where there is none. */
  async replay(reference: string): Promise<Webhook | undefined> {
    const now = this.#now()
    return this.#store.transaction(async (within) => {
      const letter = read(await within.get(DEAD_LETTER + reference))
      if (!letter) return undefined
      const { last_error: _why, ...rest } = letter
      // It waits anew: the time that it was dead does not count.
      const again: Webhook = { ...rest, status: 'pending', attempts: 0, accepted_at: now, updated_at: now }
      within.delete(DEAD_LETTER + reference)
      this.#put(within, again)
      return again
    })
  }

  /** Forgets the statuses of what is over. Dead letters stay. Gives how many were removed. */
  async cleanUp(): Promise<number> {
    let removed = 0
    for await (const { reference_id: reference, status } of this.all()) {
      if (!isOver({ status })) continue
      // One by one: it may have been sent again since it was listed.
      const isGone = await this.#store.transaction(async (within) => {
        const now = read(await within.get(STATUS + reference))
        if (!now || !isOver(now)) return false
        within.delete(STATUS + reference)
        return true
      })
      if (isGone) removed++
    }
    return removed
  }

  #put(within: Transaction, kept: Webhook): void {
    const { status } = kept
    within.put(STATUS + kept.reference_id, JSON.stringify(kept), this.#kept[status === 'retrying' ? 'pending' : status])
  }
}

const isOver = ({ status }: Pick<Webhook, 'status'>): boolean => status === 'delivered' || status === 'failed'

/** What somebody else wrote under such a key is no webhook. */
function read(text: string | undefined): Webhook | undefined {
  if (text === undefined) return undefined
  try {
    return webhook.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

function readAll(entries: readonly { value: string }[]): Webhook[] {
  return entries.flatMap(({ value }) => read(value) ?? [])
}
