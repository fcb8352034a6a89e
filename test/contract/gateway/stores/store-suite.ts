// What every store keeps its word on.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { retryingStore } from '../../../../src/gateway/stores/retrying-store.ts'
import type { Store, StoreDriver } from '../../../../src/gateway/stores/store.ts'
import { realClock } from '../../../../src/kernel/clock.ts'
import { seededRandom } from '../../../../src/kernel/random.ts'

export interface StoreUnderTest extends AsyncDisposable {
  /** Another handle on the same entries, as a gateway has that was started again. */
  open(): Promise<StoreDriver>
}

export function storeSuite(begin: () => Promise<StoreUnderTest>): void {
  let under: StoreUnderTest
  let store: Store
  let other: Store
  const opened = async (): Promise<Store> => retryingStore(await under.open(), { clock: realClock, random: seededRandom(1) })
  beforeAll(async () => {
    under = await begin()
    store = await opened()
    other = await opened()
  })
  afterAll(async () => {
    await store.close()
    await other.close()
    await under[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    const all = await store.list('', 1000)
    await store.transaction((within) => all.forEach(({ key }) => within.delete(key)))
  })
  const put = (key: string, value: string, lasts?: number): Promise<void> => store.transaction((within) => within.put(key, value, lasts))

  it('gives back what was put, to every handle', async () => {
    await put('a', 'one "quoted"\n\u0000 ä 🙂')
    expect(await store.get('a')).toBe('one "quoted"\n\u0000 ä 🙂')
    expect(await other.get('a')).toBe('one "quoted"\n\u0000 ä 🙂')
    expect(await store.get('b')).toBeUndefined()
  })

  it('tells an empty text from none', async () => {
    await put('a', '')
    expect(await store.get('a')).toBe('')
  })

  it('replaces and deletes', async () => {
    await put('a', '1', 60_000)
    await put('a', '2')
    expect(await store.get('a')).toBe('2')
    await store.transaction((within) => within.delete('a'))
    expect(await store.get('a')).toBeUndefined()
  })

  it('lists by prefix, in the order of keys, and no more than is asked for', async () => {
    for (const key of ['b:2', 'a:1', 'b:10', 'b:ä', 'b*', 'c', 'b:']) await put(key, `of ${key}`)
    expect((await store.list('b:', 10)).map(({ key }) => key)).toEqual(['b:', 'b:10', 'b:2', 'b:ä'])
    expect(await store.list('b:', 2)).toEqual([
      { key: 'b:', value: 'of b:' },
      { key: 'b:10', value: 'of b:10' },
    ])
    expect((await store.list('b:', 2, 'b:10')).map(({ key }) => key)).toEqual(['b:2', 'b:ä'])
    expect(await store.list('b:', 2, 'b:ä')).toEqual([])
    expect((await store.list('b*', 10)).map(({ key }) => key)).toEqual(['b*'])
    expect(await store.list('nothing', 10)).toEqual([])
  })

  it('forgets what has expired, and nothing else', async () => {
    await store.transaction((within) => {
      within.put('t:short', '1', 150)
      within.put('t:long', '2', 60_000)
      within.put('t:ever', '3')
    })
    expect(await store.list('t:', 10)).toHaveLength(3)
    await realClock.sleep(200)
    expect(await store.get('t:short')).toBeUndefined()
    expect((await store.list('t:', 10)).map(({ key }) => key)).toEqual(['t:ever', 't:long'])
  })

  it('rolls everything back when the work throws', async () => {
    await put('a', '1')
    const failing = store.transaction((within) => {
      within.put('a', '2')
      within.put('b', '2')
      throw new Error('the third of the batch is broken')
    })
    await expect(failing).rejects.toThrow('the third of the batch is broken')
    expect(await store.get('a')).toBe('1')
    expect(await store.get('b')).toBeUndefined()
  })

  it('shows a transaction its own writes, and nobody else before its end', async () => {
    await store.transaction(async (within) => {
      within.put('a', '1')
      expect(await within.get('a')).toBe('1')
      expect(await other.get('a')).toBeUndefined()
      within.delete('a')
      expect(await within.get('a')).toBeUndefined()
      within.put('a', '2')
    })
    expect(await other.get('a')).toBe('2')
  })

  it('loses no update of a counter that two handles raise at once', async () => {
    const raise = (by: Store): Promise<void> =>
      by.transaction(async (within) => within.put('count', String(Number((await within.get('count')) ?? 0) + 1)))
    for (let turn = 0; turn < 25; turn++) await Promise.all([raise(store), raise(other)])
    expect(await store.get('count')).toBe('50')
  })

  it('carries a commit out once, however often it is sent', async () => {
    await using driver = disposable(await under.open())
    const commit = { id: 'the same', seen: new Map([['a', undefined]]), changes: [{ key: 'a', value: '1', lasts: undefined }] }
    expect(await driver.commit(commit)).toBe('committed')
    const again = await driver.commit(commit)
    expect(await store.get('a')).toBe('1')
    // Where an answer cannot be lost, there is nothing to send again.
    expect(['committed', 'conflict']).toContain(again)
  })

  it('keeps its entries when every handle is closed', async () => {
    await put('a', 'kept')
    await store.close()
    await other.close()
    store = await opened()
    other = await opened()
    expect(await store.get('a')).toBe('kept')
  })

  it('answers a ping, and nothing once it is closed', async () => {
    await store.ping()
    const closed = await opened()
    await closed.close()
    await closed.close()
    await expect(closed.get('a')).rejects.toThrow('the store is closed')
  })
}

function disposable(driver: StoreDriver): StoreDriver & AsyncDisposable {
  return Object.assign(driver, { [Symbol.asyncDispose]: () => driver.close() })
}
