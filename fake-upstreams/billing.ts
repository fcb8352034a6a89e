// A writing assistant's own billing service. A cost is booked once for each `idempotency-key`; without a key each request books anew, so that
// a gateway that repeats such a request charges twice, and the ledger shows it.
import { BoundedMap } from '../src/upstreams/bounded-map.ts'
import { type Reply, defineUpstream } from '../src/upstreams/define.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'

interface Booking {
  id: string
  user: string
  amount: number
  /** What the caller said of the request that it books, if it did. */
  request: string | null
}

interface Memory {
  /** By idempotency key, or by the booking's own id where there was none. */
  bookings: BoundedMap<Booking>
  /** What each user has left. */
  balances: BoundedMap<number>
}

const LEDGER = 100_000
const CREDIT = 1_000_000
const jsonHeaders = { 'content-type': 'application/json' }
const users = Array.from({ length: 20 }, (_, at) => `user-${at + 1}`)

export const billing = defineUpstream(import.meta, {
  name: 'billing',
  latency: { median: '15ms', sigma: 0.3 },
  state: (): Memory => ({ bookings: new BoundedMap([], LEDGER), balances: new BoundedMap(users.map((user) => [user, CREDIT])) }),
  routes: {
    deductCost: {
      method: 'POST',
      path: '/deduct_cost',
      samples: { bodies: users.map((user) => ({ user_id: user, amount: 100 })), headers: jsonHeaders },
      reply: (request, { bookings, balances }) => {
        const { user_id: user, amount } = (request.json() ?? {}) as { user_id?: unknown; amount?: unknown }
        if (typeof user !== 'string' || typeof amount !== 'number' || !(amount > 0))
          return failed(400, 'invalid_request', 'user_id and an amount above 0 are required')
        const { 'idempotency-key': key, 'x-request-id': id } = request.headers
        const earlier = typeof key === 'string' ? bookings.get(key) : undefined
        if (earlier && (earlier.user !== user || earlier.amount !== amount))
          return failed(422, 'key_reused', 'this idempotency-key was used for another cost')
        const balance = balances.get(user) ?? CREDIT
        if (earlier) return { body: { booking_id: earlier.id, balance, replayed: true } }
        if (balance < amount) return failed(402, 'insufficient_funds', 'the balance does not cover the cost')
        const booking = { id: request.random.next().toString(36).slice(2), user, amount, request: typeof id === 'string' ? id : null }
        bookings.set(typeof key === 'string' ? key : booking.id, booking)
        balances.set(user, balance - amount)
        return { body: { booking_id: booking.id, balance: balance - amount, replayed: false }, effect: booking.request }
      },
    },
    getBalance: {
      method: 'GET',
      path: '/balance/{user}',
      samples: { paths: users.map((user) => `/balance/${user}`) },
      reply: ({ params }, { balances }) => ({ body: { user_id: params['user'], balance: balances.get(params['user'] ?? '') ?? CREDIT } }),
    },
    listLedger: {
      method: 'GET',
      path: '/ledger',
      samples: { paths: ['/ledger?user_id=user-1'] },
      reply: ({ query }, { bookings }) => {
        const user = query.get('user_id')
        const entries = [...bookings.values()].filter((booking) => user === null || booking.user === user)
        return {
          body: { total: entries.length, amount: entries.reduce((sum, { amount }) => sum + amount, 0), entries: entries.slice(-1_000) },
        }
      },
    },
    health: { method: 'GET', path: '/health', latency: '2ms', reply: () => ({ body: { status: 'ok' } }) },
  },
  errorBody: (status) => failureBody(status === 429 ? 'rate_limited' : 'unavailable', 'billing cannot answer now'),
})

function failureBody(code: string, message: string) {
  return { error: { code, message } }
}

function failed(status: number, code: string, message: string): Reply {
  return { status, body: failureBody(code, message) }
}

if (import.meta.main) await serveAlone(billing)
