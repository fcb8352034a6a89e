// Copies of Firestore's documents in the store. A batch is one transaction: all of it is there, or nothing of it; a store that is away for a
// moment is asked again.
//
//   sync_document:{name}    the document, when a run saw it last, and on which page
//   sync_lease              which gateway does it, where several share the store
//   sync_batch:{page}       when the page was written last, as a part of its batch
import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import type { Ms } from '../../../kernel/clock.ts'
import type { Lease } from '../../stores/lease.ts'
import type { Entry, Store, Transaction } from '../../stores/store.ts'
import type { CallUpstream, ServiceReply } from '../service.ts'
import type { SyncSettings } from './settings.ts'

const COPY = 'sync_document:'
const BATCH = 'sync_batch:'
const PAGE = 500
/** Of one run: an upstream that always names a next page is not followed for ever. */
const MOST_PAGES = 10_000

const listed = z.looseObject({
  documents: z.array(z.looseObject({ name: z.string().min(1).max(1500) })).default([]),
  nextPageToken: z.string().max(4096).default(''),
})
const copy = z.object({ seen_at: z.number(), page: z.number().default(0) })
const batch = z.object({ written_at: z.number() })

export interface CopiesStanding {
  documents: number
  /** Pages of which a half was written. */
  torn: number[]
  /** When a batch was written last; undefined when none ever was. */
  writtenAt: Ms | undefined
}

export interface DocumentCopiesMeans {
  settings: SyncSettings
  store: Store
  lease: Lease
  call: CallUpstream
  /** Milliseconds since 1970. */
  wallTime: () => Ms
}

export class DocumentCopies {
  readonly #means: DocumentCopiesMeans

  constructor(means: DocumentCopiesMeans) {
    this.#means = means
  }

  /**
   * Copies the whole collection, and gives how many documents it has. What was written before a failure stays.
   * @throws StoreAway, SyncFailed, DoneElsewhere
   */
  async update(signal: AbortSignal): Promise<number> {
    const { store, lease, wallTime } = this.#means
    await store.transaction(mine(lease))
    let copied = 0
    let token = ''
    for (let page = 0; page < MOST_PAGES; page++) {
      const { documents, nextPageToken } = await this.#page(token, signal)
      const now = wallTime()
      await store.transaction(async (within) => {
        await mine(lease)(within)
        for (const document of documents) within.put(COPY + document.name, JSON.stringify({ seen_at: now, page, document }))
        within.put(BATCH + page, JSON.stringify({ written_at: now }))
      })
      copied += documents.length
      if (nextPageToken === '') return copied
      token = nextPageToken
    }
    throw new SyncFailed(`the collection has more than ${MOST_PAGES} pages`)
  }

  /**
   * Looks at all copies. `torn`: pages with a document that is newer than the mark of its batch, which only a part of a transaction leaves.
   * @throws StoreAway
   */
  async standing(): Promise<CopiesStanding> {
    const { store } = this.#means
    let documents = 0
    const newest = new Map<number, Ms>()
    for await (const { value } of entries(store, COPY)) {
      const found = copyOf(value)
      if (!found) continue
      documents++
      newest.set(found.page, Math.max(newest.get(found.page) ?? 0, found.seen_at))
    }
    // Marks after copies: a run that goes on meanwhile only makes them newer.
    const marks = new Map<number, Ms>()
    for await (const { key, value } of entries(store, BATCH)) {
      const mark = parsed(batch, value)
      if (mark) marks.set(Number(key.slice(BATCH.length)), mark.written_at)
    }
    const torn = [...newest].filter(([page, seenAt]) => seenAt > (marks.get(page) ?? 0)).map(([page]) => page)
    return { documents, torn, writtenAt: marks.size === 0 ? undefined : Math.max(...marks.values()) }
  }

  /** Removes copies that no run has seen for `kept`, and gives how many. @throws StoreAway, DoneElsewhere */
  async cleanUp(signal: AbortSignal): Promise<number> {
    const { store, lease, settings, wallTime } = this.#means
    await store.transaction(mine(lease))
    const before = wallTime() - settings.kept
    let removed = 0
    for (let after = COPY; !signal.aborted;) {
      const page = await store.list(COPY, PAGE, after)
      const old = page.filter(({ value }) => isOld(value, before)).map(({ key }) => key)
      if (old.length > 0)
        removed += await store.transaction(async (within) => {
          let gone = 0
          for (const key of old) {
            // A run may have seen it since it was listed.
            const value = await within.get(key)
            if (value === undefined || !isOld(value, before)) continue
            within.delete(key)
            gone++
          }
          return gone
        })
      if (page.length < PAGE) break
      after = page.at(-1)!.key
    }
    return removed
  }

  /** Another gateway need not wait. @throws StoreAway */
  async leave(): Promise<void> {
    const { store, lease } = this.#means
    await store.transaction((within) => lease.release(within))
  }

  async #page(token: string, signal: AbortSignal): Promise<z.output<typeof listed>> {
    const { settings, call } = this.#means
    const query = new URLSearchParams({ pageSize: String(settings.batch), ...(token !== '' && { pageToken: token }) })
    const path = `${settings.collection}?${query}`
    const reply = await call(settings.upstream, { method: 'GET', path, requestId: `sync-${randomUUID()}`, signal })
    const page = listed.safeParse(jsonOf(settings.upstream, reply))
    if (!page.success) throw new SyncFailed(`${settings.upstream} answered no list of documents`)
    return page.data
  }
}

/** Why a run could not go on. */
export class SyncFailed extends Error {
  override readonly name = 'SyncFailed'
}

/** Another gateway on the same store has the lease. */
export class DoneElsewhere extends Error {
  override readonly name = 'DoneElsewhere'
}

const mine = (lease: Lease) => async (within: Transaction) => {
  if (!(await lease.hold(within))) throw new DoneElsewhere('another gateway on this store does it')
}

function jsonOf(upstream: string, reply: ServiceReply): unknown {
  if (reply.is === 'given_up') throw new SyncFailed('the gateway stops')
  if (reply.is === 'refused') throw new SyncFailed(`${upstream}: ${reply.reason}`)
  // A copy of a stand-in would be taken for the upstream's own.
  if (reply.outcome !== 'ok' || reply.status !== 200)
    throw new SyncFailed(`${upstream}: ${reply.reason === 'none' ? `status ${reply.status}` : reply.reason}`)
  try {
    return JSON.parse(reply.body.toString())
  } catch {
    throw new SyncFailed(`${upstream} answered no JSON`)
  }
}

async function* entries(store: Store, prefix: string): AsyncGenerator<Entry> {
  for (let after = prefix; ;) {
    const page = await store.list(prefix, PAGE, after)
    yield* page
    if (page.length < PAGE) return
    after = page.at(-1)!.key
  }
}

/** What somebody else wrote under such a key is no copy, and nobody's to remove. */
function isOld(value: string, before: Ms): boolean {
  const found = copyOf(value)
  return found !== undefined && found.seen_at < before
}

const copyOf = (value: string) => parsed(copy, value)

function parsed<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> | undefined {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
