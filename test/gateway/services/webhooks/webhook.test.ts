import { describe, expect, it } from 'vitest'
import { webhooksSettings } from '../../../../src/gateway/services/webhooks/settings.ts'
import { afterAttempt, type Delivery, type Webhook, webhookTask } from '../../../../src/gateway/services/webhooks/webhook.ts'
import { check } from '../../../../src/kernel/validation.ts'
import type { Problem } from '../../../../src/kernel/errors.ts'
import { seededRandom } from '../../../../src/kernel/random.ts'

const settings = webhooksSettings.parse({})
const pending: Webhook = {
  reference_id: 'r-1',
  delivery_id: 'd-1',
  correlation_id: 'c-1',
  status: 'pending',
  attempts: 0,
  accepted_at: 0,
  updated_at: 0,
  task: { customer: 'acme', event: 'report.completed', evidence: [] },
}
const after = (before: Webhook, delivery: Delivery, now = 0): Webhook => afterAttempt(before, delivery, settings, now, seededRandom(1))
const network: Delivery = { is: 'failed', class: 'network', reason: 'webhook-receiver: status 503', retryAfterMs: 0 }

/** Attempts until it is over, each with the same result. */
function attemptsOf(delivery: Delivery): Webhook[] {
  const steps = [after(pending, delivery)]
  while (steps.at(-1)!.next_attempt_at !== undefined && steps.length < 100) steps.push(after(steps.at(-1)!, delivery))
  return steps
}

it('repeats a delivery three times when the network fails, and never more', () => {
  const steps = attemptsOf(network)
  expect(steps.map(({ status, attempts }) => `${status} ${attempts}`)).toEqual(['retrying 1', 'retrying 2', 'retrying 3', 'failed 4'])
  expect(steps.at(-1)!.last_error).toEqual({ class: 'network', reason: 'webhook-receiver: status 503' })
})

it('never repeats what the receiver calls wrong', () => {
  expect(attemptsOf({ ...network, class: 'validation' }).map(({ status }) => status)).toEqual(['failed'])
})

it('repeats the unexpected once, by a rule of its own', () => {
  expect(attemptsOf({ ...network, class: 'unexpected' }).map(({ status }) => status)).toEqual(['retrying', 'failed'])
})

it('counts all attempts together, whatever went wrong at each', () => {
  const twice = after(after(pending, network), network)
  expect(after(twice, { ...network, class: 'unexpected' }).status).toBe('failed')
  expect(after(twice, network).status).toBe('retrying')
})

it('waits longer each time, with half of it left to chance, and at least as long as it is asked to', () => {
  const waits = attemptsOf(network).flatMap(({ next_attempt_at: due }) => due ?? [])
  for (const [at, wait] of waits.entries()) {
    expect(wait).toBeGreaterThanOrEqual(500 * 2 ** at)
    expect(wait).toBeLessThanOrEqual(1000 * 2 ** at)
  }
  expect(after(pending, { ...network, retryAfterMs: 30_000 }).next_attempt_at).toBe(30_000)
})

describe('a webhook that a policy holds back', () => {
  const held: Delivery = { is: 'held', reason: 'webhook-receiver: circuit_open', retryAfterMs: 5000 }

  it('has not been tried: it costs no retry', () => {
    const step = after(after(pending, network), held, 1000)
    expect(step).toMatchObject({ status: 'retrying', attempts: 1, next_attempt_at: 6000 })
  })

  it('is given up when it waited too long', () => {
    expect(after(pending, held, settings.giveUpAfter)).toMatchObject({ status: 'failed', attempts: 0 })
    expect(after(pending, held, settings.giveUpAfter).next_attempt_at).toBeUndefined()
  })
})

it('is over when it is delivered', () => {
  expect(after(after(pending, network), { is: 'delivered' }, 9)).toMatchObject({ status: 'delivered', attempts: 2, updated_at: 9 })
  expect(after(after(pending, network), { is: 'delivered' }).next_attempt_at).toBeUndefined()
})

it('names all that is wrong with a task', () => {
  const problems: Problem[] = []
  check(webhookTask, { customer: '../etc', event: 5, evidence: ['a b'], data: 'x'.repeat(10), extra: 1 }, '', problems)
  expect(problems.map(({ path }) => path).toSorted()).toEqual(['customer', 'event', 'evidence[0]', 'extra'])
  const long: Problem[] = []
  check(webhookTask, { customer: 'acme', event: 'e', data: 'x'.repeat(70_000) }, '', long)
  expect(long).toEqual([{ path: '(top level)', message: 'must be of at most 65536 characters as JSON' }])
})

it('keeps a status longer than a webhook may wait', () => {
  expect(() => webhooksSettings.parse({ giveUpAfter: '8d' })).toThrow('must be below kept.pending')
})
