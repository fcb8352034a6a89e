// What each user keeps, by name and size, and how much that is together. Each step is one transaction: the sum is that of what is kept.
//
//   quota_stored:{user}:{object}   its bytes
//   quota_storage:{user}           bytes and objects together
import * as z from 'zod'
import type { Store, Transaction } from '../../stores/store.ts'
import { InTurn } from '../in-turn.ts'
import type { QuotasSettings } from './settings.ts'

const storageUse = z.strictObject({ bytes: z.int().min(0), objects: z.int().min(0) })

export type StorageUse = z.output<typeof storageUse>

type StorageQuota = NonNullable<QuotasSettings['storage']>

export class StorageLedger {
  readonly #store: Store
  readonly #quota: StorageQuota
  readonly #turns = new InTurn()

  constructor(store: Store, quota: StorageQuota) {
    this.#store = store
    this.#quota = quota
  }

  async of(user: string): Promise<StorageUse> {
    return readUse(await this.#store.get(sumKey(user)))
  }

  /** Makes room for `bytes` under this name, in place of what was there. `full`: nothing was changed, and `use` is what is kept now. */
  keep(user: string, object: string, bytes: number): Promise<{ is: 'new' | 'changed' | 'full'; use: StorageUse }> {
    return this.#step(user, object, (kept, before) => {
      const use = after(before, kept, bytes)
      // Who keeps more than a quota that was lowered may always keep less.
      const isMore = kept === undefined || bytes > kept
      if (isMore && (use.bytes > this.#quota.bytes || use.objects > this.#quota.objects)) return { is: 'full', use: before }
      return { is: kept === undefined ? 'new' : 'changed', use, bytes }
    })
  }

  /** Gives its room back, once. */
  release(user: string, object: string): Promise<{ is: 'released' | 'unknown'; use: StorageUse }> {
    return this.#step(user, object, (kept, before) =>
      kept === undefined ? { is: 'unknown', use: before } : { is: 'released', use: after(before, kept, undefined) },
    )
  }

  #step<Is extends string>(
    user: string,
    object: string,
    change: (kept: number | undefined, before: StorageUse) => { is: Is; use: StorageUse; bytes?: number },
  ): Promise<{ is: Is; use: StorageUse }> {
    return this.#turns.run(user, () =>
      this.#store.transaction(async (within) => {
        const before = readUse(await within.get(sumKey(user)))
        const kept = readBytes(await within.get(objectKey(user, object)))
        const { is, use, bytes } = change(kept, before)
        if (use !== before) write(within, user, object, use, bytes)
        return { is, use }
      }),
    )
  }
}

const sumKey = (user: string): string => `quota_storage:${encodeURIComponent(user)}`
const objectKey = (user: string, object: string): string => `quota_stored:${encodeURIComponent(user)}:${encodeURIComponent(object)}`

function write(within: Transaction, user: string, object: string, use: StorageUse, bytes: number | undefined): void {
  if (bytes === undefined) within.delete(objectKey(user, object))
  else within.put(objectKey(user, object), String(bytes))
  if (use.objects === 0) within.delete(sumKey(user))
  else within.put(sumKey(user), JSON.stringify(use))
}

function after(before: StorageUse, kept: number | undefined, bytes: number | undefined): StorageUse {
  return {
    bytes: before.bytes - (kept ?? 0) + (bytes ?? 0),
    objects: before.objects - (kept === undefined ? 0 : 1) + (bytes === undefined ? 0 : 1),
  }
}

function readBytes(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}

function readUse(text: string | undefined): StorageUse {
  return text === undefined ? { bytes: 0, objects: 0 } : storageUse.parse(JSON.parse(text))
}
