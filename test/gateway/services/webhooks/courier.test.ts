import pino from 'pino'
import { expect, it } from 'vitest'
import { Courier } from '../../../../src/gateway/services/webhooks/courier.ts'
import { WebhookLedger } from '../../../../src/gateway/services/webhooks/ledger.ts'
import { webhooksSettings } from '../../../../src/gateway/services/webhooks/settings.ts'
import type { Delivery, Webhook } from '../../../../src/gateway/services/webhooks/webhook.ts'
import { retryingStore } from '../../../../src/gateway/stores/retrying-store.ts'
import { openSqlite } from '../../../../src/gateway/stores/sqlite-driver.ts'
import { StoreAway, type StoreDriver } from '../../../../src/gateway/stores/store.ts'
import { seededRandom } from '../../../../src/kernel/random.ts'
import { virtualClock } from '../../../../src/kernel/virtual-clock.ts'

const failed: Delivery = { is: 'failed', class: 'network', reason: 'webhook-receiver: status 503', retryAfterMs: 0 }
const delivered: Delivery = { is: 'delivered' }

type Script = (webhook: Webhook, nth: number) => Delivery | undefined | Promise<Delivery | undefined>

async function rig(script: Script, input = {}) {
  const clock = virtualClock()
  const now = (): number => clock.now()
  const driver = await openSqlite({ path: ':memory:', now })
  let isAway = false
  const there = (): void => {
    if (isAway) throw new StoreAway('gone')
  }
  const wavering: StoreDriver = {
    ...driver,
    async get(key) {
      there()
      return driver.get(key)
    },
    async list(...asked) {
      there()
      return driver.list(...asked)
    },
    async commit(asked) {
      there()
      return driver.commit(asked)
    },
  }
  const store = retryingStore(wavering, { clock, random: seededRandom(1) })
  const settings = webhooksSettings.parse(input)
  const ledger = new WebhookLedger(store, settings.kept, now)
  const asked: { reference: string; delivery: string; at: number }[] = []
  const log = pino({ enabled: false })
  const courierOf = (): Courier =>
    new Courier({
      ledger,
      settings,
      clock,
      random: seededRandom(2),
      log,
      wallTime: now,
      deliver: async (webhook) => {
        asked.push({ reference: webhook.reference_id, delivery: webhook.delivery_id, at: now() })
        return script(webhook, asked.length)
      },
    })
  let accepted = 0
  const accept = async (courier: Courier, reference: string): Promise<void> => {
    const task = { customer: 'acme', event: 'report.completed', evidence: [] }
    await ledger.accept({ reference, correlation: 'c', delivery: `d-${++accepted}`, task })
    courier.take(reference, 0)
  }
  const statuses = async () => {
    const all = await ledger.list(1000)
    return Object.fromEntries(all.map(({ reference_id, status }) => [reference_id, status]))
  }
  return { clock, ledger, courier: courierOf(), courierOf, accept, asked, statuses, setAway: (away: boolean) => void (isAway = away) }
}

it('delivers what was accepted, once', async () => {
  const { courier, accept, asked, clock, statuses } = await rig(() => delivered)
  await accept(courier, 'a')
  courier.take('a', 0)
  await clock.advanceAsync(60_000)
  expect(asked).toHaveLength(1)
  expect(await statuses()).toEqual({ a: 'delivered' })
  expect(courier.pending).toBe(0)
})

it('tries a delivery again under the same id, and moves it to the dead letters after the third retry', async () => {
  const { courier, accept, asked, clock, ledger, statuses } = await rig(() => failed)
  await accept(courier, 'a')
  await clock.advanceAsync(60_000)
  expect(asked.map(({ delivery }) => delivery)).toEqual(['d-1', 'd-1', 'd-1', 'd-1'])
  expect(await statuses()).toEqual({ a: 'failed' })
  expect(await ledger.deadLetters(10)).toMatchObject([
    { reference_id: 'a', correlation_id: 'c', last_error: { reason: 'webhook-receiver: status 503' } },
  ])
  expect(courier.counts).toEqual({ delivered: 0, failed: 1, retries: 3, attempts: 4 })
})

it('sends a dead letter again when it is told to, and it is a dead letter no longer', async () => {
  let isDown = true
  const { courier, accept, clock, ledger, statuses } = await rig(() => (isDown ? failed : delivered))
  await accept(courier, 'a')
  await clock.advanceAsync(60_000)
  isDown = false
  expect(await ledger.replay('b')).toBeUndefined()
  expect(await ledger.replay('a')).toMatchObject({ delivery_id: 'd-1', status: 'pending', attempts: 0 })
  expect(await ledger.deadLetters(10)).toEqual([])
  courier.take('a', 0)
  await clock.advanceAsync(1000)
  expect(await statuses()).toEqual({ a: 'delivered' })
})

it('delivers no more at once than is set', async () => {
  let underWay = 0
  let most = 0
  const settling = Promise.withResolvers<void>()
  const { courier, accept, clock, statuses } = await rig(
    async () => {
      most = Math.max(most, ++underWay)
      await settling.promise
      underWay--
      return delivered
    },
    { concurrency: 3 },
  )
  for (const reference of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await accept(courier, reference)
  await clock.advanceAsync(10)
  expect(most).toBe(3)
  settling.resolve()
  await clock.advanceAsync(10)
  expect(Object.values(await statuses())).toEqual(Array.from({ length: 7 }, () => 'delivered'))
})

it('takes up what the store has when a gateway starts again, at its own time', async () => {
  const { courier, courierOf, accept, asked, clock, statuses } = await rig((_webhook, nth) => (nth === 1 ? failed : delivered))
  await accept(courier, 'a')
  await clock.advanceAsync(10)
  await courier.close()
  const next = courierOf()
  await next.resume()
  await clock.advanceAsync(400)
  expect(asked).toHaveLength(1)
  await clock.advanceAsync(700)
  expect(asked.map(({ delivery }) => delivery)).toEqual(['d-1', 'd-1'])
  expect(await statuses()).toEqual({ a: 'delivered' })
  await next.resume()
  expect(next.pending).toBe(0)
})

it('tells the store what came of a delivery once it is back, and does not deliver again', async () => {
  const { courier, accept, asked, clock, statuses, setAway } = await rig(() => {
    setAway(true)
    return delivered
  })
  await accept(courier, 'a')
  await clock.advanceAsync(20_000)
  setAway(false)
  await clock.advanceAsync(20_000)
  expect(asked).toHaveLength(1)
  expect(await statuses()).toEqual({ a: 'delivered' })
})

it('waits for a store that is away before it delivers', async () => {
  const { courier, accept, asked, clock, statuses, setAway } = await rig(() => delivered)
  await accept(courier, 'a')
  setAway(true)
  await clock.advanceAsync(10_000)
  expect(asked).toHaveLength(0)
  setAway(false)
  await clock.advanceAsync(2000)
  expect(asked).toHaveLength(1)
  expect(await statuses()).toEqual({ a: 'delivered' })
})

it('leaves a webhook pending when the gateway stops in mid-delivery', async () => {
  const { courier, accept, clock, statuses } = await rig(() => undefined)
  await accept(courier, 'a')
  await clock.advanceAsync(10)
  await courier.close()
  expect(await statuses()).toEqual({ a: 'pending' })
})

it('ends with the deliveries that are under way, and begins none', async () => {
  const settling = Promise.withResolvers<void>()
  const { courier, accept, asked, clock, statuses } = await rig(
    async () => {
      await settling.promise
      return delivered
    },
    { concurrency: 1 },
  )
  await accept(courier, 'a')
  await accept(courier, 'b')
  await clock.advanceAsync(10)
  const closing = courier.close()
  settling.resolve()
  await closing
  expect(asked).toHaveLength(1)
  expect(await statuses()).toEqual({ a: 'delivered', b: 'pending' })
  expect(clock.pending).toBe(0)
})

it('survives a delivery that throws', async () => {
  const { courier, accept, asked, clock, statuses } = await rig(() => {
    throw new Error('a defect')
  })
  await accept(courier, 'a')
  await clock.advanceAsync(60_000)
  expect(asked).toHaveLength(2)
  expect(await statuses()).toEqual({ a: 'failed' })
})

it('forgets statuses when their time is over: 30 minutes for what was delivered, 7 days for what failed', async () => {
  const { courier, accept, clock, ledger, statuses } = await rig(({ reference_id: reference }) => (reference === 'a' ? delivered : failed))
  await accept(courier, 'a')
  await accept(courier, 'b')
  await clock.advanceAsync(29 * 60_000)
  expect(await statuses()).toEqual({ a: 'delivered', b: 'failed' })
  await clock.advanceAsync(2 * 60_000)
  expect(await statuses()).toEqual({ b: 'failed' })
  await clock.advanceAsync(7 * 86_400_000)
  expect(await statuses()).toEqual({})
  // What failed for good is never lost.
  expect(await ledger.deadLetters(10)).toHaveLength(1)
})

it('cleans up what is over, and nothing that waits', async () => {
  const { courier, accept, clock, ledger, statuses } = await rig(({ reference_id: reference }) => (reference === 'a' ? delivered : failed))
  await accept(courier, 'a')
  await clock.advanceAsync(10)
  await accept(courier, 'b')
  await clock.advanceAsync(10)
  expect(await ledger.cleanUp()).toBe(1)
  expect(await statuses()).toEqual({ b: 'retrying' })
})

it('accepts a reference once: the same task is known, another one is refused', async () => {
  const { ledger } = await rig(() => delivered)
  const accepting = {
    reference: 'a',
    correlation: 'c',
    delivery: 'd-1',
    task: { customer: 'acme', event: 'e', evidence: [], data: undefined },
  }
  expect(await ledger.accept(accepting)).toMatchObject({ is: 'new' })
  expect(await ledger.accept({ ...accepting, delivery: 'd-2' })).toMatchObject({ is: 'known', webhook: { delivery_id: 'd-1' } })
  expect(await ledger.accept({ ...accepting, task: { ...accepting.task, event: 'other' } })).toMatchObject({ is: 'other' })
})
