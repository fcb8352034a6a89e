// How many operations of one user may be processing at once.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { OperationLedger } from '../../../../src/gateway/services/operations/ledger.ts'
import { operationsSettings } from '../../../../src/gateway/services/operations/settings.ts'
import { retryingStore } from '../../../../src/gateway/stores/retrying-store.ts'
import { openSqlite } from '../../../../src/gateway/stores/sqlite-driver.ts'
import type { Store } from '../../../../src/gateway/stores/store.ts'
import { seededRandom } from '../../../../src/kernel/random.ts'
import { type VirtualClock, virtualClock } from '../../../../src/kernel/virtual-clock.ts'
import { propertyRuns } from '../../../property-runs.ts'

const HOUR = 3_600_000
const settings = operationsSettings.parse({})
const ada = { user: 'ada', atMost: 2 }
const bob = { user: 'bob', atMost: 2 }

async function rig(): Promise<{ clock: VirtualClock; store: Store; ledger: OperationLedger }> {
  const clock = virtualClock()
  const now = (): number => clock.now()
  const store = retryingStore(await openSqlite({ path: ':memory:', now }), { clock, random: seededRandom(1) })
  return { clock, store, ledger: new OperationLedger(store, settings, now) }
}

it('creates no more of one user than may be processing, and as many of another', async () => {
  const { ledger } = await rig()
  for (const id of ['a', 'b']) expect(await ledger.create(id, 'episode', ada)).toMatchObject({ is: 'new' })
  expect(await ledger.create('c', 'episode', ada)).toEqual({ is: 'full' })
  expect(await ledger.find('c')).toBeUndefined()
  expect(await ledger.create('c', 'episode', bob)).toMatchObject({ is: 'new' })
  // Told twice, it takes no more room.
  expect(await ledger.create('a', 'episode', ada)).toMatchObject({ is: 'known' })
})

it.each([
  ['is done', { attempt: 1, status: 'done' }],
  ['fails', { attempt: 1, status: 'error', reason: 'no audio' }],
] as const)('has room again when one %s, however often that is told', async (_how, report) => {
  const { ledger } = await rig()
  for (const id of ['a', 'b']) await ledger.create(id, 'episode', ada)
  await ledger.report('a', report)
  await ledger.report('a', report)
  expect(await ledger.processingOf('ada')).toBe(1)
  expect(await ledger.create('c', 'episode', ada)).toMatchObject({ is: 'new' })
  expect(await ledger.create('d', 'episode', ada)).toEqual({ is: 'full' })
})

it('has room again when one is stuck, and none for its retry before', async () => {
  const { ledger, clock } = await rig()
  for (const id of ['a', 'b']) await ledger.create(id, 'episode', ada)
  await ledger.report('a', { attempt: 1, status: 'error', reason: 'no audio' })
  await ledger.create('c', 'episode', ada)
  expect(await ledger.retry('a', 2)).toMatchObject({ is: 'full', operation: { status: 'error', attempt: 1 } })
  clock.advance(3 * HOUR)
  expect((await Array.fromAsync(ledger.markStuck())).map(({ operation_id: id }) => id)).toEqual(['b', 'c'])
  expect(await ledger.processingOf('ada')).toBe(0)
  expect(await ledger.retry('a', 2)).toMatchObject({ is: 'changed', operation: { status: 'processing', attempt: 2 } })
  expect(await ledger.processingOf('ada')).toBe(1)
})

it('is exact when everything is asked at once', async () => {
  const { ledger } = await rig()
  const asked = await Promise.all(Array.from({ length: 100 }, (_, at) => ledger.create(`ep-${at}`, 'episode', { user: 'ada', atMost: 30 })))
  expect(asked.filter(({ is }) => is === 'new')).toHaveLength(30)
  expect(asked.filter(({ is }) => is === 'full')).toHaveLength(70)
  await Promise.all(Array.from({ length: 100 }, (_, at) => ledger.report(`ep-${at}`, { attempt: 1, status: 'done' })))
  expect(await ledger.processingOf('ada')).toBe(0)
})

it('counts the same after a restart', async () => {
  const { ledger, store, clock } = await rig()
  for (const id of ['a', 'b']) await ledger.create(id, 'episode', ada)
  const restarted = new OperationLedger(store, settings, () => clock.now())
  expect(await restarted.create('c', 'episode', ada)).toEqual({ is: 'full' })
  await restarted.report('a', { attempt: 1, status: 'done' })
  expect(await restarted.create('c', 'episode', ada)).toMatchObject({ is: 'new' })
})

it("does not take one user's operation for another's", async () => {
  const { ledger } = await rig()
  await ledger.create('a', 'episode', ada)
  expect(await ledger.create('a', 'episode', bob)).toMatchObject({ is: 'other' })
  expect(await ledger.processingOf('bob')).toBe(0)
})

it('counts those that are processing, whatever is done in whatever order', async () => {
  const step = fc.record({
    does: fc.constantFrom('create', 'done', 'error', 'retry', 'stuck'),
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    owner: fc.constantFrom(ada, bob),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { ledger, clock } = await rig()
      for (const { does, id, owner } of steps) {
        clock.advance(0.3 * HOUR)
        const attempt = (await ledger.find(id))?.attempt ?? 1
        if (does === 'create') await ledger.create(id, 'episode', owner)
        else if (does === 'done') await ledger.report(id, { attempt, status: 'done' })
        else if (does === 'error') await ledger.report(id, { attempt, status: 'error', reason: 'no audio' })
        else if (does === 'retry') await ledger.retry(id, 2)
        else await Array.fromAsync(ledger.markStuck())
        const all = await ledger.list(10)
        for (const user of ['ada', 'bob']) {
          const own = all.filter((each) => each.user === user && each.status === 'processing').length
          expect(await ledger.processingOf(user)).toBe(own)
          expect(own).toBeLessThanOrEqual(2)
        }
      }
    }),
    { numRuns: propertyRuns(0.05) },
  )
})
