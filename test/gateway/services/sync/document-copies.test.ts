import { expect, it } from 'vitest'
import type { ServiceReply, ServiceRequest } from '../../../../src/gateway/services/service.ts'
import { DocumentCopies, DoneElsewhere } from '../../../../src/gateway/services/sync/document-copies.ts'
import { syncSettings } from '../../../../src/gateway/services/sync/settings.ts'
import { leaseOn } from '../../../../src/gateway/stores/lease.ts'
import { retryingStore } from '../../../../src/gateway/stores/retrying-store.ts'
import { openSqlite } from '../../../../src/gateway/stores/sqlite-driver.ts'
import { StoreAway, type StoreDriver } from '../../../../src/gateway/stores/store.ts'
import { seededRandom } from '../../../../src/kernel/random.ts'
import { virtualClock } from '../../../../src/kernel/virtual-clock.ts'

const DAY = 86_400_000
const LEASE = 1000
const collection = '/v1/projects/p/databases/(default)/documents/traces'
const signal = new AbortController().signal

function answered(body: unknown, more: Partial<Extract<ServiceReply, { is: 'answered' }>> = {}): ServiceReply {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { is: 'answered', outcome: 'ok', reason: 'none', status: 200, headers: {}, body: Buffer.from(text), attempts: 1, ...more }
}

const named = (...names: string[]) => names.map((name) => ({ name, fields: {} }))
const twoPages = [answered({ documents: named('a', 'b'), nextPageToken: 'x y' }), answered({ documents: named('c') })]

async function rig(replies: readonly ServiceReply[]) {
  const clock = virtualClock()
  const driver = await openSqlite({ path: ':memory:', now: () => clock.now() })
  let commits = 0
  let isLost = (_nth: number): boolean => false
  const wavering: StoreDriver = {
    ...driver,
    async commit(asked) {
      if (isLost(++commits)) throw new StoreAway('disconnected')
      return driver.commit(asked)
    },
  }
  const settings = syncSettings.parse({ collection, batch: 2 })
  // Waits before a repetition pass at once.
  const store = retryingStore(wavering, { clock: { sleep: async () => {} }, random: seededRandom(1) })
  const asked: string[] = []
  const call = async (_upstream: string, { path }: ServiceRequest) => {
    asked.push(path)
    return replies[(asked.length - 1) % replies.length]!
  }
  const copiesOf = (holder: string) =>
    new DocumentCopies({ settings, store, lease: leaseOn('sync_lease', holder, LEASE), call, wallTime: () => clock.now() })
  const copies = copiesOf('this gateway')
  const names = async () => (await store.list('sync_document:', 100)).map(({ key }) => key.slice('sync_document:'.length))
  return { clock, store, copies, copiesOf, asked, names, commits: () => commits, setLost: (which: typeof isLost) => void (isLost = which) }
}

it('copies a collection page by page, each in one transaction', async () => {
  const { copies, asked, names, commits, store } = await rig(twoPages)
  expect(await copies.update(signal)).toBe(3)
  expect(asked).toEqual([`${collection}?pageSize=2`, `${collection}?pageSize=2&pageToken=x+y`])
  expect(await names()).toEqual(['a', 'b', 'c'])
  // One of the lease, and one of each page.
  expect(commits()).toBe(3)
  expect(JSON.parse((await store.get('sync_document:a'))!)).toEqual({ seen_at: 0, page: 0, document: { name: 'a', fields: {} } })
})

it('copies nothing of a collection that is empty', async () => {
  const { copies, names } = await rig([answered({})])
  expect([await copies.update(signal), await names()]).toEqual([0, []])
  expect(await copies.standing()).toEqual({ documents: 0, torn: [], writtenAt: 0 })
})

it('writes a batch again when the store was disconnected for a moment', async () => {
  const { copies, names, commits, setLost } = await rig(twoPages)
  setLost((nth) => nth === 2 || nth === 3)
  expect(await copies.update(signal)).toBe(3)
  expect([await names(), commits()]).toEqual([['a', 'b', 'c'], 5])
})

it('keeps the batches before the one that failed, and nothing of that', async () => {
  const { copies, names, commits, setLost } = await rig([
    answered({ documents: named('a', 'b'), nextPageToken: 'x' }),
    answered({ documents: named('c', 'd') }),
  ])
  setLost((nth) => nth > 2)
  await expect(copies.update(signal)).rejects.toThrow('disconnected')
  expect([await names(), commits()]).toEqual([['a', 'b'], 5])
  setLost(() => false)
  expect(await copies.update(signal)).toBe(4)
  expect(await names()).toEqual(['a', 'b', 'c', 'd'])
})

it.each<[string, ServiceReply, RegExp]>([
  ['an error', answered({}, { outcome: 'upstream_error', reason: 'upstream_status', status: 503 }), /upstream_status/],
  ['a stand-in', answered({ documents: named('x') }, { outcome: 'fallback', reason: 'circuit_open' }), /circuit_open/],
  ['a redirect', answered({ documents: named('x') }, { status: 302 }), /status 302/],
  ['no JSON', answered('<html>'), /no JSON/],
  ['a document without a name', answered({ documents: [{ fields: {} }] }), /no list of documents/],
  ['a list', answered([]), /no list of documents/],
  ['a refusal', { is: 'refused', reason: 'circuit_open', retryAfterMs: 0, attempts: 0 }, /circuit_open/],
  ['nothing, as the gateway stops', { is: 'given_up', attempts: 0 }, /stops/],
])('fails on %s, and leaves the copies as they were', async (_what, reply, why) => {
  const { copies, names, commits } = await rig([reply])
  await expect(copies.update(signal)).rejects.toThrow(why)
  // That of the lease.
  expect([await names(), commits()]).toEqual([[], 1])
})

it('does not follow next pages for ever', async () => {
  const { copies } = await rig([answered({ documents: [], nextPageToken: 'again' })])
  await expect(copies.update(signal)).rejects.toThrow('more than 10000 pages')
})

it('removes copies that no run has seen for seven days, and nothing of others', async () => {
  const { copies, clock, names, store } = await rig([...twoPages, answered({ documents: named('b') })])
  await store.transaction((within) => within.put('sync_document:foreign', 'no copy'))
  await copies.update(signal)
  clock.advance(3 * DAY)
  await copies.update(signal)
  clock.advance(4 * DAY)
  expect(await copies.cleanUp(signal)).toBe(0)
  clock.advance(1)
  expect(await copies.cleanUp(signal)).toBe(2)
  expect(await names()).toEqual(['b', 'foreign'])
})

it('tells a batch of which a part was written from one that is whole', async () => {
  const { copies, store, clock } = await rig(twoPages)
  expect(await copies.standing()).toEqual({ documents: 0, torn: [], writtenAt: undefined })
  clock.advance(1000)
  await copies.update(signal)
  expect(await copies.standing()).toEqual({ documents: 3, torn: [], writtenAt: 1000 })
  const half = { seen_at: 2000, page: 1, document: { name: 'c' } }
  await store.transaction((within) => within.put('sync_document:c', JSON.stringify(half)))
  expect(await copies.standing()).toEqual({ documents: 3, torn: [1], writtenAt: 1000 })
  clock.advance(2000)
  await copies.update(signal)
  expect(await copies.standing()).toEqual({ documents: 3, torn: [], writtenAt: 3000 })
})

it('leaves no half of a batch whose store went away', async () => {
  const { copies, setLost } = await rig([
    answered({ documents: named('a', 'b'), nextPageToken: 'x' }),
    answered({ documents: named('c', 'd') }),
  ])
  for (let at = 1; at < 8; at++) {
    setLost((nth) => nth % 5 >= at % 4)
    await copies.update(signal).catch(() => {})
    expect((await copies.standing()).torn).toEqual([])
  }
})

it('is done by one of several gateways on a store, and by another once the lease of a dead one has expired', async () => {
  const { copies, copiesOf, clock, names, asked } = await rig([answered({ documents: named('a') })])
  const other = copiesOf('another gateway')
  await copies.update(signal)
  for (const done of [other.update(signal), other.cleanUp(signal)]) await expect(done).rejects.toBeInstanceOf(DoneElsewhere)
  clock.advance(LEASE - 1)
  await copies.update(signal)
  clock.advance(LEASE - 1)
  await expect(other.update(signal)).rejects.toBeInstanceOf(DoneElsewhere)
  expect(asked).toHaveLength(2)
  clock.advance(1)
  expect(await other.update(signal)).toBe(1)
  await expect(copies.update(signal)).rejects.toBeInstanceOf(DoneElsewhere)
  await copies.leave()
  await expect(copies.update(signal)).rejects.toBeInstanceOf(DoneElsewhere)
  await other.leave()
  expect([await copies.update(signal), await names()]).toEqual([1, ['a']])
})

it('writes no batch of a run that lost its lease on the way', async () => {
  const rigged = await rig([answered({ documents: named('a', 'b'), nextPageToken: 'x' }), answered({ documents: named('c') })])
  const { store, copiesOf, clock, names } = rigged
  const page = answered({ documents: named('a', 'b') })
  const other = copiesOf('another gateway')
  const stalled = new DocumentCopies({
    settings: syncSettings.parse({ collection, batch: 2 }),
    store,
    lease: leaseOn('sync_lease', 'a stalled gateway', LEASE),
    wallTime: () => clock.now(),
    async call() {
      clock.advance(LEASE)
      await other.update(signal)
      return page
    },
  })
  await expect(stalled.update(signal)).rejects.toBeInstanceOf(DoneElsewhere)
  expect(await names()).toEqual(['a', 'b', 'c'])
})
