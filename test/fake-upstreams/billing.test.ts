import { expect, it } from 'vitest'
import { billing } from '../../fake-upstreams/billing.ts'
import { asker } from './asker.ts'

const cost = { user_id: 'user-1', amount: 100 }

it('books a cost once for each idempotency key', () => {
  const ask = asker(billing)
  const keyed = (key: string) => ask('POST', '/deduct_cost', cost, { 'idempotency-key': key }).json
  const first = keyed('a')
  expect(first).toMatchObject({ balance: 999_900, replayed: false })
  expect(keyed('a')).toMatchObject({ booking_id: (first as { booking_id: string }).booking_id, balance: 999_900, replayed: true })
  expect(keyed('b')).toMatchObject({ balance: 999_800, replayed: false })
  expect(ask('GET', '/ledger').json).toMatchObject({ total: 2, amount: 200 })
})

it('charges twice what comes twice without a key, and its ledger shows it', () => {
  const ask = asker(billing)
  for (let times = 0; times < 2; times++) ask('POST', '/deduct_cost', cost, { 'x-request-id': 'r1' })
  expect(ask('GET', '/ledger?user_id=user-1').json).toMatchObject({ total: 2, entries: [{ request: 'r1' }, { request: 'r1' }] })
  expect(ask('GET', '/balance/user-1').json).toMatchObject({ balance: 999_800 })
})

it('refuses a key that was used for another cost, and a cost that the balance does not cover', () => {
  const ask = asker(billing)
  ask('POST', '/deduct_cost', cost, { 'idempotency-key': 'a' })
  expect(ask('POST', '/deduct_cost', { ...cost, amount: 7 }, { 'idempotency-key': 'a' }).status).toBe(422)
  expect(ask('POST', '/deduct_cost', { ...cost, amount: 2_000_000 }).status).toBe(402)
})

it.each([{ user_id: 'user-1' }, { user_id: 'user-1', amount: -1 }, { amount: 1 }, { user_id: 'user-1', amount: '100' }])(
  'refuses %j',
  (body) => {
    expect(asker(billing)('POST', '/deduct_cost', body).status).toBe(400)
  },
)
