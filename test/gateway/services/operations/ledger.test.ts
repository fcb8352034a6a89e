import { pino } from 'pino'
import { expect, it } from 'vitest'
import { OperationLedger } from '../../../../src/gateway/services/operations/ledger.ts'
import type { Operation } from '../../../../src/gateway/services/operations/operation.ts'
import { operationsSettings } from '../../../../src/gateway/services/operations/settings.ts'
import { watchStuck } from '../../../../src/gateway/services/operations/stuck-watch.ts'
import { retryingStore } from '../../../../src/gateway/stores/retrying-store.ts'
import { openSqlite } from '../../../../src/gateway/stores/sqlite-driver.ts'
import { StoreAway, type StoreDriver } from '../../../../src/gateway/stores/store.ts'
import { seededRandom } from '../../../../src/kernel/random.ts'
import { virtualClock } from '../../../../src/kernel/virtual-clock.ts'

const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 24 * HOUR

async function rig(given: { retries?: number } = {}) {
  const clock = virtualClock()
  const now = (): number => clock.now()
  const driver = await openSqlite({ path: ':memory:', now })
  let isAway = false
  const wavering: StoreDriver = {
    ...driver,
    async list(...asked) {
      if (isAway) throw new StoreAway('gone')
      return driver.list(...asked)
    },
  }
  const settings = operationsSettings.parse(given)
  const ledger = new OperationLedger(retryingStore(wavering, { clock, random: seededRandom(1) }), settings, now)
  const marked: string[] = []
  const again: string[] = []
  const ending = new AbortController()
  const watching = (): Promise<void> =>
    watchStuck(
      {
        ledger,
        settings,
        clock,
        log: pino({ enabled: false }),
        marked: ({ operation_id: id }) => void marked.push(id),
        again: ({ operation_id: id, attempt }) => void again.push(`${id} ${attempt}`),
        atMost: () => 1,
      },
      ending.signal,
    )
  const statuses = async () => Object.fromEntries((await ledger.list(10)).map(({ operation_id: id, status }) => [id, status]))
  return { clock, ledger, marked, again, watching, ending, statuses, setAway: (away: boolean) => void (isAway = away) }
}

async function all(found: AsyncIterable<Operation>): Promise<string[]> {
  const ids: string[] = []
  for await (const { operation_id: id } of found) ids.push(id)
  return ids
}

it('creates an id once: the same kind is known, another one is refused', async () => {
  const { ledger } = await rig()
  expect(await ledger.create('a', 'episode')).toMatchObject({ is: 'new' })
  expect(await ledger.create('a', 'episode')).toMatchObject({ is: 'known' })
  expect(await ledger.create('a', 'trailer')).toMatchObject({ is: 'other' })
})

it('tells a step that was taken from one that was known, one that cannot be now, and an id that is unknown', async () => {
  const { ledger } = await rig()
  await ledger.create('a', 'episode')
  const done = { attempt: 1, status: 'done' } as const
  const steps = [await ledger.report('b', done), await ledger.retry('a'), await ledger.report('a', done), await ledger.report('a', done)]
  expect(steps.map(({ is }) => is)).toEqual(['unknown', 'not_now', 'changed', 'known'])
  expect(await ledger.retry('a')).toMatchObject({ is: 'not_now', operation: { status: 'done' } })
})

it('lists what is stuck and changes nothing; marks it, once', async () => {
  const { ledger, clock, statuses } = await rig()
  await ledger.create('a', 'episode')
  await ledger.create('b', 'episode')
  await ledger.report('b', { attempt: 1, status: 'done' })
  clock.advance(HOUR)
  await ledger.create('c', 'episode')
  clock.advance(1.5 * HOUR)
  expect(await all(ledger.stuck())).toEqual(['a'])
  expect(await statuses()).toEqual({ a: 'processing', b: 'done', c: 'processing' })
  expect(await all(ledger.markStuck())).toEqual(['a'])
  expect(await all(ledger.markStuck())).toEqual([])
  expect(await statuses()).toEqual({ a: 'error', b: 'done', c: 'processing' })
})

it('gives a stuck operation its whole time again when it is tried once more', async () => {
  const { ledger, clock } = await rig()
  await ledger.create('a', 'episode')
  clock.advance(3 * HOUR)
  await all(ledger.markStuck())
  expect(await ledger.retry('a')).toMatchObject({ is: 'changed', operation: { status: 'processing', attempt: 2 } })
  clock.advance(1.5 * HOUR)
  expect(await all(ledger.markStuck())).toEqual([])
  clock.advance(HOUR)
  expect(await all(ledger.markStuck())).toEqual(['a'])
})

it('marks each of more than a page', async () => {
  const { ledger, clock } = await rig()
  for (let nth = 0; nth < 501; nth++) await ledger.create(`ep-${nth}`, 'episode')
  clock.advance(3 * HOUR)
  expect(new Set(await all(ledger.markStuck())).size).toBe(501)
  expect(await all(ledger.stuck())).toEqual([])
})

it('forgets what is over after seven days, and never what is processing', async () => {
  const { ledger, clock, statuses } = await rig()
  await ledger.create('a', 'episode')
  await ledger.create('b', 'episode')
  await ledger.report('b', { attempt: 1, status: 'error', reason: 'no audio' })
  clock.advance(7 * DAY - 1)
  expect(await statuses()).toEqual({ a: 'processing', b: 'error' })
  clock.advance(2)
  expect(await statuses()).toEqual({ a: 'processing' })
})

it('looks for stuck operations every minute', async () => {
  const { ledger, clock, marked, watching, ending } = await rig()
  const watched = watching()
  await ledger.create('a', 'episode')
  await clock.advanceAsync(2 * HOUR)
  expect(marked).toEqual([])
  await clock.advanceAsync(60_000)
  expect(marked).toEqual(['a'])
  ending.abort()
  await watched
  expect(clock.pending).toBe(0)
})

it('goes on looking when the store was away', async () => {
  const { ledger, clock, marked, watching, ending, setAway } = await rig()
  const watched = watching()
  await ledger.create('a', 'episode')
  setAway(true)
  await clock.advanceAsync(3 * HOUR)
  setAway(false)
  expect(marked).toEqual([])
  await clock.advanceAsync(61_000)
  expect(marked).toEqual(['a'])
  ending.abort()
  await watched
})

it('tries a stuck operation again at the next look, as often as it is told, and never one that failed', async () => {
  const { ledger, clock, marked, again, watching, ending, statuses } = await rig({ retries: 2 })
  const watched = watching()
  await ledger.create('a', 'episode')
  await ledger.create('b', 'episode')
  await ledger.report('b', { attempt: 1, status: 'error', reason: 'no audio' })
  await clock.advanceAsync(2 * HOUR + MINUTE)
  expect(marked).toEqual(['a'])
  expect(await statuses()).toEqual({ a: 'error', b: 'error' })
  await clock.advanceAsync(MINUTE)
  expect(again).toEqual(['a 2'])
  expect(await statuses()).toEqual({ a: 'processing', b: 'error' })
  await clock.advanceAsync(10 * HOUR)
  expect(again).toEqual(['a 2', 'a 3'])
  expect(marked).toEqual(['a', 'a', 'a'])
  expect(await statuses()).toEqual({ a: 'error', b: 'error' })
  ending.abort()
  await watched
})

it('tries again what was stuck before a restart, once, and what its user has no room for when there is some', async () => {
  const { ledger, clock } = await rig({ retries: 1 })
  const ada = { user: 'ada', atMost: 1 }
  await ledger.create('a', 'episode', ada)
  clock.advance(3 * HOUR)
  await all(ledger.markStuck())
  await ledger.create('b', 'episode', ada)
  expect(await all(ledger.again(1))).toEqual([])
  await ledger.report('b', { attempt: 1, status: 'done' })
  expect(await all(ledger.again(1))).toEqual(['a'])
  expect(await all(ledger.again(1))).toEqual([])
})

it('leaves alone what was tried again by hand', async () => {
  const { ledger, clock } = await rig({ retries: 1 })
  await ledger.create('a', 'episode')
  clock.advance(3 * HOUR)
  await all(ledger.markStuck())
  await ledger.retry('a')
  expect(await all(ledger.again())).toEqual([])
})
