import { expect, it } from 'vitest'
import { CallRefused, protect, seededRandom, virtualClock } from '../../src/policies/protect.ts'

const means = () => ({ clock: virtualClock(), random: seededRandom(1) })

it('gives back what the function gives', async () => {
  const double = protect('orders', {}, async (_signal, n: number) => 2 * n, means())
  expect(await double(21)).toBe(42)
})

it('tries again what failed, and gives the error of the last attempt', async () => {
  const { clock, random } = means()
  let asked = 0
  const ask = protect(
    'orders',
    { retry: { attempts: 3, base: '10ms' } },
    async () => {
      throw new Error(`attempt ${++asked}`)
    },
    { clock, random },
  )
  const [failed] = await Promise.allSettled([ask(), clock.advanceAsync(10_000)])
  expect(failed).toMatchObject({ status: 'rejected', reason: { message: 'attempt 3' } })
  expect(asked).toBe(3)
})

it('tries nothing again that must not happen twice', async () => {
  let asked = 0
  const pay = protect('payments', { retry: { attempts: 3 } }, () => Promise.reject(new Error(`${++asked}`)), {
    ...means(),
    idempotent: false,
  })
  await expect(pay()).rejects.toThrow('1')
})

it('refuses without asking while the breaker is open, and lets errors of the caller leave it closed', async () => {
  const { clock, random } = means()
  let status = 404
  let asked = 0
  const moves: string[] = []
  const onTransition = ({ from, to }: { from: string; to: string }): void => void moves.push(`${from} → ${to}`)
  const ask = protect(
    'orders',
    { breaker: { failures: 2, recovery: '5s', recoveryJitter: 0 } },
    () => (asked++, Promise.reject(Object.assign(new Error('no'), { status }))),
    {
      clock,
      random,
      onTransition,
    },
  )
  for (let call = 0; call < 5; call++) await expect(ask()).rejects.toThrow('no')
  expect(moves).toEqual([])
  status = 503
  for (let call = 0; call < 2; call++) await expect(ask()).rejects.toThrow('no')
  expect(moves).toEqual(['closed → open'])
  await expect(ask()).rejects.toMatchObject({ name: 'CallRefused', reason: 'circuit_open', retryAfterMs: 5000 })
  await expect(ask()).rejects.toBeInstanceOf(CallRefused)
  expect(asked).toBe(7)
  expect(ask.stack.snapshot().breaker).toMatchObject({ state: 'open' })
})

it('aborts an attempt that takes too long, and says so', async () => {
  const { clock, random } = means()
  let aborted = false
  const slow = protect(
    'orders',
    { timeout: { attempt: '1s', total: '3s' } },
    (signal) =>
      new Promise<never>(() => {
        signal.addEventListener('abort', () => (aborted = true))
      }),
    { clock, random },
  )
  const [failed] = await Promise.allSettled([slow(), clock.advanceAsync(1000)])
  expect(failed).toMatchObject({ status: 'rejected', reason: { message: 'orders did not answer within 1000 ms' } })
  expect(aborted).toBe(true)
})

it('takes what a function throws at once for its failure', async () => {
  const broken = protect(
    'orders',
    {},
    () => {
      throw new Error('at once')
    },
    means(),
  )
  await expect(broken()).rejects.toThrow('at once')
})

it('refuses settings that do not hold together', () => {
  expect(() => protect('orders', { breaker: { failures: -1 } }, async () => 1)).toThrow('policies of orders')
})
