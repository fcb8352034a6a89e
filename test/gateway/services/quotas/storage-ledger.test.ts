import fc from 'fast-check'
import { expect, it } from 'vitest'
import { StorageLedger } from '../../../../src/gateway/services/quotas/storage-ledger.ts'
import { retryingStore } from '../../../../src/gateway/stores/retrying-store.ts'
import { openSqlite } from '../../../../src/gateway/stores/sqlite-driver.ts'
import type { Store } from '../../../../src/gateway/stores/store.ts'
import { seededRandom } from '../../../../src/kernel/random.ts'
import { virtualClock } from '../../../../src/kernel/virtual-clock.ts'
import { propertyRuns } from '../../../property-runs.ts'

async function memory(): Promise<Store> {
  const clock = virtualClock()
  return retryingStore(await openSqlite({ path: ':memory:', now: () => clock.now() }), { clock, random: seededRandom(1) })
}

const quota = { bytes: 100, objects: 3 }

it('takes what fits, refuses what does not, and changes nothing then', async () => {
  const ledger = new StorageLedger(await memory(), quota)
  expect(await ledger.keep('ada', 'intro.mp3', 60)).toEqual({ is: 'new', use: { bytes: 60, objects: 1 } })
  expect(await ledger.keep('ada', 'outro.mp3', 41)).toEqual({ is: 'full', use: { bytes: 60, objects: 1 } })
  expect(await ledger.keep('bob', 'outro.mp3', 100)).toEqual({ is: 'new', use: { bytes: 100, objects: 1 } })
  expect(await ledger.of('ada')).toEqual({ bytes: 60, objects: 1 })
})

it('counts an object once, by its last size', async () => {
  const ledger = new StorageLedger(await memory(), quota)
  await ledger.keep('ada', 'intro.mp3', 60)
  expect(await ledger.keep('ada', 'intro.mp3', 60)).toMatchObject({ is: 'changed', use: { bytes: 60 } })
  expect(await ledger.keep('ada', 'intro.mp3', 100)).toMatchObject({ is: 'changed', use: { bytes: 100 } })
  expect(await ledger.keep('ada', 'intro.mp3', 101)).toMatchObject({ is: 'full', use: { bytes: 100 } })
})

it('bounds the number of objects, too', async () => {
  const ledger = new StorageLedger(await memory(), quota)
  for (const object of ['a', 'b', 'c']) await ledger.keep('ada', object, 1)
  expect(await ledger.keep('ada', 'd', 1)).toMatchObject({ is: 'full' })
})

it('gives room back once', async () => {
  const ledger = new StorageLedger(await memory(), quota)
  await ledger.keep('ada', 'intro.mp3', 100)
  expect(await ledger.release('ada', 'intro.mp3')).toEqual({ is: 'released', use: { bytes: 0, objects: 0 } })
  expect(await ledger.release('ada', 'intro.mp3')).toEqual({ is: 'unknown', use: { bytes: 0, objects: 0 } })
  expect(await ledger.keep('ada', 'outro.mp3', 100)).toMatchObject({ is: 'new' })
})

it('lets who has more than a quota that was lowered keep less, and no more', async () => {
  const store = await memory()
  await new StorageLedger(store, { bytes: 1000, objects: 3 }).keep('ada', 'intro.mp3', 900)
  const lowered = new StorageLedger(store, quota)
  expect(await lowered.keep('ada', 'intro.mp3', 950)).toMatchObject({ is: 'full' })
  expect(await lowered.keep('ada', 'intro.mp3', 500)).toMatchObject({ is: 'changed', use: { bytes: 500 } })
})

it('tells users apart whatever is in their names', async () => {
  const ledger = new StorageLedger(await memory(), quota)
  await ledger.keep('a:b', 'c', 1)
  await ledger.keep('a', 'b:c', 2)
  await ledger.keep('', 'a:b:c', 3)
  expect(await Promise.all(['a:b', 'a', ''].map((user) => ledger.of(user)))).toEqual([
    { bytes: 1, objects: 1 },
    { bytes: 2, objects: 1 },
    { bytes: 3, objects: 1 },
  ])
})

it('is exact when everything is asked at once', async () => {
  const ledger = new StorageLedger(await memory(), { bytes: 100, objects: 1000 })
  const asked = await Promise.all(Array.from({ length: 200 }, (_, at) => ledger.keep('ada', `episode ${at}`, 1)))
  expect(asked.filter(({ is }) => is === 'new')).toHaveLength(100)
  expect(await ledger.of('ada')).toEqual({ bytes: 100, objects: 100 })
  await Promise.all(Array.from({ length: 200 }, (_, at) => ledger.release('ada', `episode ${at}`)))
  expect(await ledger.of('ada')).toEqual({ bytes: 0, objects: 0 })
})

it('counts what a model counts, and is never above its quota or below zero', async () => {
  const step = fc.record({
    user: fc.constantFrom('ada', 'bob'),
    object: fc.constantFrom('a', 'b', 'c', 'd'),
    bytes: fc.option(fc.integer({ min: 1, max: 60 })),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const ledger = new StorageLedger(await memory(), quota)
      const kept = new Map<string, Map<string, number>>([
        ['ada', new Map()],
        ['bob', new Map()],
      ])
      for (const { user, object, bytes } of steps) {
        const own = kept.get(user)!
        if (bytes === null) own.delete(object)
        else {
          const other = new Map(own).set(object, bytes)
          const isLess = (own.get(object) ?? -1) >= bytes
          if (isLess || (sum(other) <= quota.bytes && other.size <= quota.objects)) own.set(object, bytes)
        }
        await (bytes === null ? ledger.release(user, object) : ledger.keep(user, object, bytes))
        expect(await ledger.of(user)).toEqual({ bytes: sum(own), objects: own.size })
      }
    }),
    { numRuns: propertyRuns(0.05) },
  )
})

function sum(kept: ReadonlyMap<string, number>): number {
  return [...kept.values()].reduce((total, each) => total + each, 0)
}
