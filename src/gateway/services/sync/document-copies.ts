// Copies of Firestore's documents in the store. A batch is one transaction: all of it is there, or nothing of it; a store that is away for a
// moment is asked again.
//
//   sync_document:{name}    the document, and when a run saw it last
import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import type { Ms } from '../../../kernel/clock.ts'
import type { Store } from '../../stores/store.ts'
import type { CallUpstream, ServiceReply } from '../service.ts'
import type { SyncSettings } from './settings.ts'

const COPY = 'sync_document:'
const PAGE = 500
/** Of one run: an upstream that always names a next page is not followed for ever. */
const MOST_PAGES = 10_000

const listed = z.looseObject({
  documents: z.array(z.looseObject({ name: z.string().min(1).max(1500) })).default([]),
  nextPageToken: z.string().max(4096).default(''),
})
const copy = z.object({ seen_at: z.number() })

export interface DocumentCopiesMeans {
  settings: SyncSettings
  store: Store
  call: CallUpstream
  /** Milliseconds since 1970. */
  wallTime: () => Ms
}

export class DocumentCopies {
  readonly #means: DocumentCopiesMeans

  constructor(means: DocumentCopiesMeans) {
    this.#means = means
  }

  /** Copies the whole collection, and gives how many documents it has. What was written before a failure stays. @throws StoreAway, SyncFailed */
  async update(signal: AbortSignal): Promise<number> {
    const { store, wallTime } = this.#means
    let copied = 0
    let token = ''
    for (let page = 0; page < MOST_PAGES; page++) {
      const { documents, nextPageToken } = await this.#page(token, signal)
      const now = wallTime()
      await store.transaction((within) => {
        for (const document of documents) within.put(COPY + document.name, JSON.stringify({ seen_at: now, document }))
      })
      copied += documents.length
      if (nextPageToken === '') return copied
      token = nextPageToken
    }
    throw new SyncFailed(`the collection has more than ${MOST_PAGES} pages`)
  }

  /** Removes copies that no run has seen for `kept`, and gives how many. @throws StoreAway */
  async cleanUp(signal: AbortSignal): Promise<number> {
    const { store, settings, wallTime } = this.#means
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

/** What somebody else wrote under such a key is no copy, and nobody's to remove. */
function isOld(value: string, before: Ms): boolean {
  try {
    return copy.parse(JSON.parse(value)).seen_at < before
  } catch {
    return false
  }
}
