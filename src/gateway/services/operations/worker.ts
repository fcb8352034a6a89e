// Works on operations: each attempt asks an upstream, through its policies, and what it answers ends the attempt. One that is given up as stuck
// is asked for no longer. What is under way when the gateway ends is stuck later, and tried again: nobody knows how far it came.
//
//   begin ─▶ call ─▶ good answer ─────▶ done
//              ├───▶ anything else ───▶ error
//              └─(stuck, or the end)──▶ nothing is told
import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Clock, Ms } from '../../../kernel/clock.ts'
import { StoreAway } from '../../stores/store.ts'
import type { CallUpstream, ServiceReply } from '../service.ts'
import type { Operation, OperationReport } from './operation.ts'
import type { OperationsSettings } from './settings.ts'

export interface WorkerMeans {
  work: NonNullable<OperationsSettings['work']>
  call: CallUpstream
  clock: Pick<Clock, 'sleep'>
  log: Logger
  /** Writes what came of an attempt. @throws StoreAway */
  report: (id: string, report: OperationReport) => Promise<void>
}

/** How long to wait before the store is asked again. */
const STORE_RETRY: Ms = 500

export class OperationWorker {
  readonly #means: WorkerMeans
  /** By operation and attempt. */
  readonly #underWay = new Map<string, { ending: AbortController; ended: Promise<void> }>()
  #isClosed = false

  constructor(means: WorkerMeans) {
    this.#means = means
  }

  /** It takes no more new ones. What is tried again has been taken before. */
  get isFull(): boolean {
    return this.#underWay.size >= this.#means.work.atOnce
  }

  begin(operation: Pick<Operation, 'operation_id' | 'attempt'>): void {
    const key = keyOf(operation)
    if (this.#isClosed || this.#underWay.has(key)) return
    const ending = new AbortController()
    const ended = this.#attempt(operation, ending.signal)
      .catch((error: unknown) => this.#means.log.error({ operation_id: operation.operation_id, err: error }, 'an operation met a defect'))
      .finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, { ending, ended })
  }

  /** Ends this attempt, if it is under way here. */
  giveUp(operation: Pick<Operation, 'operation_id' | 'attempt'>): void {
    this.#underWay.get(keyOf(operation))?.ending.abort()
  }

  /** Begins nothing more, and waits for what is under way. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#underWay.values()].map(({ ended }) => ended))
  }

  async #attempt({ operation_id: id, attempt }: Pick<Operation, 'operation_id' | 'attempt'>, signal: AbortSignal): Promise<void> {
    const { work, call, clock, report } = this.#means
    const { upstream, method, path, body } = work
    const reply = await call(upstream, {
      method,
      path,
      ...(body !== undefined && { json: body }),
      // Of its own: the client's request ended when the operation was created.
      requestId: `operation-${randomUUID()}`,
      // An attempt that was given up may have been taken all the same: the next one is no other operation.
      idempotencyKey: id,
      signal,
    })
    const told = reportOf(upstream, attempt, reply)
    if (!told) return
    while (!signal.aborted) {
      try {
        return await report(id, told)
      } catch (error) {
        if (!(error instanceof StoreAway)) throw error
        if (this.#isClosed) return
        await clock.sleep(STORE_RETRY, signal).catch(() => {})
      }
    }
  }
}

/** Undefined: it was given up. */
export function reportOf(upstream: string, attempt: number, reply: ServiceReply): OperationReport | undefined {
  if (reply.is === 'given_up') return undefined
  if (reply.is === 'refused') return { attempt, status: 'error', reason: `${upstream}: ${reply.reason}` }
  if (reply.outcome === 'ok' && reply.status < 300) return { attempt, status: 'done' }
  // Whoever else answered, the work is not done.
  const reason = reply.outcome === 'fallback' ? 'a fallback answered in its place' : `status ${reply.status}`
  return { attempt, status: 'error', reason: `${upstream}: ${reason}` }
}

function keyOf({ operation_id: id, attempt }: Pick<Operation, 'operation_id' | 'attempt'>): string {
  return `${attempt} ${id}`
}
