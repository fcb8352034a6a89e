import { expect, it } from 'vitest'
import { retryingStore } from '../../../src/gateway/stores/retrying-store.ts'
import { type Commit, StoreAway, type StoreDriver } from '../../../src/gateway/stores/store.ts'
import { seededRandom } from '../../../src/kernel/random.ts'
import { virtualClock } from '../../../src/kernel/virtual-clock.ts'

/** A driver in memory whose operations go as `script` says, one word each; then well. */
function rig(script: ('away' | 'broken' | 'conflict')[] = []) {
  const entries = new Map<string, string>()
  const commits: Commit[] = []
  const clock = virtualClock()
  const askedAt: number[] = []
  const take = (): string | undefined => {
    askedAt.push(clock.now())
    const word = script.shift()
    if (word === 'away') throw new StoreAway('the connection was lost')
    if (word === 'broken') throw new TypeError('a mistake of ours')
    return word
  }
  const driver: StoreDriver = {
    async get(key) {
      take()
      return entries.get(key)
    },
    async list() {
      take()
      return []
    },
    async commit(commit) {
      commits.push(commit)
      if (take() === 'conflict') return 'conflict'
      for (const { key, value } of commit.changes) {
        if (value === undefined) entries.delete(key)
        else entries.set(key, value)
      }
      return 'committed'
    },
    async ping() {
      take()
    },
    async close() {},
  }
  const store = retryingStore(driver, { clock, random: seededRandom(1) })
  const settled = async <Result>(promise: Promise<Result>): Promise<Result | Error> => {
    const caught = promise.catch((error: unknown) => error as Error)
    await clock.advanceAsync(10_000)
    return caught
  }
  return { store, entries, commits, askedAt, settled }
}

it('asks a store that is away three times, each wait about twice as long as the one before', async () => {
  const { store, askedAt, settled } = rig(['away', 'away', 'away'])
  expect(await settled(store.get('a'))).toBeInstanceOf(StoreAway)
  expect(askedAt).toHaveLength(3)
  const [first = 0, second = 0, third = 0] = askedAt
  expect(second - first).toBeGreaterThanOrEqual(50)
  expect(second - first).toBeLessThanOrEqual(100)
  expect(third - second).toBeGreaterThanOrEqual(100)
  expect(third - second).toBeLessThanOrEqual(200)
})

it('sends a commit whose answer was lost again under the same id', async () => {
  const { store, commits, entries, settled } = rig(['away'])
  await settled(store.transaction((within) => within.put('a', '1')))
  expect(entries.get('a')).toBe('1')
  expect(commits.map(({ id }) => id)).toEqual([commits[0]!.id, commits[0]!.id])
})

it('does not repeat what is no matter of being away', async () => {
  const { store, askedAt, settled } = rig(['broken'])
  expect(await settled(store.get('a'))).toBeInstanceOf(TypeError)
  expect(askedAt).toHaveLength(1)
})

it('runs a transaction again, under another id, when what it read was changed meanwhile', async () => {
  const { store, commits, entries, settled } = rig()
  entries.set('a', '1')
  let runs = 0
  const raise = store.transaction(async (within) => {
    const value = Number(await within.get('a'))
    if (runs++ === 0) entries.set('a', '10')
    within.put('a', String(value + 1))
  })
  await settled(raise)
  // The driver of this test sees no conflict by itself.
  expect(commits[0]!.seen).toEqual(new Map([['a', '1']]))

  const conflicting = rig(['conflict', 'conflict'])
  await conflicting.settled(conflicting.store.transaction((within) => within.put('a', '1')))
  expect(new Set(conflicting.commits.map(({ id }) => id)).size).toBe(3)
})

it('gives a transaction up that others never let through', async () => {
  const { store, settled } = rig(Array.from({ length: 100 }, () => 'conflict' as const))
  expect(await settled(store.transaction((within) => within.put('a', '1')))).toEqual(
    new StoreAway('what a transaction read was changed 20 times by others'),
  )
})

it('sends nothing when a transaction wrote nothing, or threw', async () => {
  const { store, commits, settled } = rig()
  expect(await settled(store.transaction((within) => within.get('a')))).toBeUndefined()
  const failing = store.transaction((within) => {
    within.put('a', '1')
    throw new Error('no')
  })
  expect(await settled(failing)).toEqual(new Error('no'))
  expect(commits).toEqual([])
})

it('asks once for a ping: whoever watches wants to know how it is now', async () => {
  const { store, askedAt, settled } = rig(['away'])
  expect(await settled(store.ping())).toBeInstanceOf(StoreAway)
  expect(askedAt).toHaveLength(1)
})
