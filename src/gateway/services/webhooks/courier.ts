// Carries webhooks to their receiver: each when its time has come, some at once, until it is delivered or has failed for good.
//
//   take ─▶ waiting ─(due)─▶ queue ─(room)─▶ read from the store ─▶ deliver ─▶ what came of it into the store ─▶ waiting, or done
//
// In memory are references alone. What is not in the store does not exist; while the store is away, everything waits for it.
import type { Logger } from 'pino'
import type { Cancel, Clock, Ms } from '../../../kernel/clock.ts'
import type { Random } from '../../../kernel/random.ts'
import { StoreAway } from '../../stores/store.ts'
import type { WebhookLedger } from './ledger.ts'
import type { WebhooksSettings } from './settings.ts'
import { afterAttempt, type Delivery, type Webhook } from './webhook.ts'

export interface CourierMeans {
  ledger: WebhookLedger
  settings: WebhooksSettings
  clock: Clock
  random: Random
  log: Logger
  /** Milliseconds since 1970. */
  wallTime: () => Ms
  /** Undefined: the gateway stops, and nobody knows. Never rejects for what an upstream does. */
  deliver: (webhook: Webhook) => Promise<Delivery | undefined>
}

/** How long to wait before the store is asked again. */
const STORE_RETRY: Ms = 500

export interface CourierCounts {
  delivered: number
  /** Failed for good. */
  failed: number
  /** Attempts after the first of their webhook. */
  retries: number
  attempts: number
}

export class Courier {
  readonly #means: CourierMeans
  /** By reference: a timer of what waits; undefined for what is queued or under way. */
  readonly #known = new Map<string, Cancel | undefined>()
  readonly #queue: string[] = []
  readonly #underWay = new Set<Promise<void>>()
  readonly #ending = new AbortController()
  readonly counts: CourierCounts = { delivered: 0, failed: 0, retries: 0, attempts: 0 }

  constructor(means: CourierMeans) {
    this.#means = means
  }

  /** Webhooks that are not delivered yet. */
  get pending(): number {
    return this.#known.size
  }

  /** Delivers it once `delay` is over. One that it has already keeps its time. */
  take(reference: string, delay: Ms): void {
    if (this.#known.has(reference) || this.#ending.signal.aborted) return
    this.#wait(reference, delay)
  }

  /** Takes all that the store has and that is not over: after a start, and when the store is back. @throws StoreAway */
  async resume(): Promise<void> {
    const { ledger, wallTime } = this.#means
    const now = wallTime()
    for await (const { reference_id, status, next_attempt_at } of ledger.all())
      if (status === 'pending' || status === 'retrying') this.take(reference_id, Math.max(0, (next_attempt_at ?? now) - now))
  }

  /** Begins nothing more, and waits for what is under way. */
  async close(): Promise<void> {
    this.#ending.abort()
    for (const cancel of this.#known.values()) cancel?.()
    await Promise.all(this.#underWay)
  }

  #wait(reference: string, delay: Ms): void {
    if (this.#ending.signal.aborted) return
    const due = (): void => {
      this.#known.set(reference, undefined)
      this.#queue.push(reference)
      this.#next()
    }
    this.#known.set(reference, this.#means.clock.after(delay, due))
  }

  #next(): void {
    while (this.#queue.length > 0 && this.#underWay.size < this.#means.settings.concurrency && !this.#ending.signal.aborted) {
      const attempt = this.#attempt(this.#queue.shift()!)
      this.#underWay.add(attempt)
      void attempt.finally(() => {
        this.#underWay.delete(attempt)
        this.#next()
      })
    }
  }

  async #attempt(reference: string): Promise<void> {
    try {
      const before = await this.#means.ledger.find(reference)
      // It was cleaned up, or delivered before.
      if (!before || before.status === 'delivered' || before.status === 'failed') return void this.#known.delete(reference)
      const delivery = await this.#deliver(before)
      if (delivery) await this.#settle(before, delivery)
    } catch (error) {
      if (!(error instanceof StoreAway)) this.#means.log.error({ reference_id: reference, err: error }, 'a webhook met a defect')
      this.#wait(reference, STORE_RETRY)
    }
  }

  async #deliver(before: Webhook): Promise<Delivery | undefined> {
    try {
      return await this.#means.deliver(before)
    } catch (error) {
      this.#means.log.error({ correlation_id: before.correlation_id, err: error }, 'a delivery met a defect')
      return { is: 'failed', class: 'unexpected', reason: 'an error of the gateway itself', retryAfterMs: 0 }
    }
  }

  async #settle(before: Webhook, delivery: Delivery): Promise<void> {
    const { settings, wallTime, random, ledger } = this.#means
    const after = afterAttempt(before, delivery, settings, wallTime(), random)
    this.#tell(after, delivery)
    await this.#kept(() => ledger.settle(after))
    if (after.next_attempt_at === undefined) this.#known.delete(after.reference_id)
    else this.#wait(after.reference_id, after.next_attempt_at - wallTime())
  }

  /** What came of an attempt must not be lost: the receiver would get it again. */
  async #kept(write: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await write()
      } catch (error) {
        if (!(error instanceof StoreAway) || this.#ending.signal.aborted) throw error
        await this.#means.clock.sleep(STORE_RETRY, this.#ending.signal)
      }
    }
  }

  #tell({ reference_id, delivery_id, correlation_id, attempts, status, last_error }: Webhook, { is }: Delivery): void {
    if (is !== 'held') this.counts.attempts++
    if (is !== 'held' && attempts > 1) this.counts.retries++
    if (status === 'delivered' || status === 'failed') this.counts[status]++
    const facts = {
      correlation_id,
      reference_id,
      delivery_id,
      attempt: attempts,
      status,
      ...(last_error && status !== 'delivered' && { error: last_error }),
    }
    if (status === 'failed') this.#means.log.error(facts, 'webhook moved to the dead letters')
    else if (status === 'delivered') this.#means.log.info(facts, 'webhook delivered')
    else this.#means.log.warn(facts, 'webhook not delivered')
  }
}
