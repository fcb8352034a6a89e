import { pino } from 'pino'
import { expect, it } from 'vitest'
import type { OperationReport } from '../../../../src/gateway/services/operations/operation.ts'
import { operationsSettings } from '../../../../src/gateway/services/operations/settings.ts'
import { OperationWorker, reportOf } from '../../../../src/gateway/services/operations/worker.ts'
import type { ServiceReply, ServiceRequest } from '../../../../src/gateway/services/service.ts'
import { StoreAway } from '../../../../src/gateway/stores/store.ts'
import { virtualClock } from '../../../../src/kernel/virtual-clock.ts'

const answered = (status: number, outcome: 'ok' | 'upstream_error' | 'fallback' = 'ok'): ServiceReply => ({
  is: 'answered',
  outcome,
  reason: 'none',
  status,
  headers: {},
  body: Buffer.alloc(0),
  attempts: 1,
})

function rig({ atOnce = 2 } = {}) {
  const clock = virtualClock()
  const calls: { request: ServiceRequest; reply: (reply: ServiceReply) => void }[] = []
  const reports: [string, OperationReport][] = []
  let isAway = false
  const worker = new OperationWorker({
    work: operationsSettings.parse({ work: { upstream: 'auphonic', path: '/api/productions.json', body: { a: 1 }, atOnce } }).work!,
    clock,
    log: pino({ enabled: false }),
    call: (_upstream, request) =>
      new Promise((resolve) => {
        calls.push({ request, reply: resolve })
        request.signal?.addEventListener('abort', () => resolve({ is: 'given_up', attempts: 1 }))
      }),
    report: async (id, report) => {
      if (isAway) throw new StoreAway('gone')
      reports.push([id, report])
    },
  })
  return { clock, worker, calls, reports, setAway: (away: boolean) => void (isAway = away) }
}

const first = { operation_id: 'ep-1', attempt: 1 }
const done = ['ep-1', { attempt: 1, status: 'done' }]

it('asks its upstream once an attempt, under the key of the operation, and tells what came of it', async () => {
  const { worker, calls, reports, clock } = rig()
  worker.begin(first)
  worker.begin(first)
  expect(calls).toHaveLength(1)
  expect(calls[0]!.request).toMatchObject({ method: 'POST', path: '/api/productions.json', json: { a: 1 }, idempotencyKey: 'ep-1' })
  calls[0]!.reply(answered(200))
  await clock.advanceAsync(0)
  expect(reports).toEqual([done])
})

it('ends the attempt that is given up, tells nothing of it, and works on the next', async () => {
  const { worker, calls, reports, clock } = rig()
  worker.begin(first)
  worker.giveUp(first)
  await clock.advanceAsync(0)
  worker.begin({ operation_id: 'ep-1', attempt: 2 })
  worker.giveUp(first)
  calls[1]!.reply(answered(200))
  await clock.advanceAsync(0)
  expect(reports).toEqual([['ep-1', { attempt: 2, status: 'done' }]])
})

it('tells what came of an attempt when the store is back', async () => {
  const { worker, calls, reports, clock, setAway } = rig()
  setAway(true)
  worker.begin(first)
  calls[0]!.reply(answered(200))
  await clock.advanceAsync(5000)
  setAway(false)
  expect(reports).toEqual([])
  await clock.advanceAsync(500)
  expect(reports).toEqual([done])
})

it('is full with as many as may be under way, and has room when one ends', async () => {
  const { worker, calls, clock } = rig({ atOnce: 1 })
  worker.begin(first)
  expect(worker.isFull).toBe(true)
  calls[0]!.reply(answered(503, 'upstream_error'))
  await clock.advanceAsync(0)
  expect(worker.isFull).toBe(false)
})

it('waits at its end for what is under way, and begins nothing more', async () => {
  const { worker, calls, reports } = rig()
  worker.begin(first)
  const closed = worker.close()
  worker.begin({ operation_id: 'ep-2', attempt: 1 })
  expect(calls).toHaveLength(1)
  calls[0]!.reply(answered(200))
  await closed
  expect(reports).toEqual([done])
})

it.each<[ServiceReply, OperationReport | undefined]>([
  [answered(201), { attempt: 1, status: 'done' }],
  [answered(404), { attempt: 1, status: 'error', reason: 'auphonic: status 404' }],
  [answered(500, 'upstream_error'), { attempt: 1, status: 'error', reason: 'auphonic: status 500' }],
  [answered(202, 'fallback'), { attempt: 1, status: 'error', reason: 'auphonic: a fallback answered in its place' }],
  [
    { is: 'refused', reason: 'circuit_open', retryAfterMs: 0, attempts: 0 },
    { attempt: 1, status: 'error', reason: 'auphonic: circuit_open' },
  ],
  [{ is: 'given_up', attempts: 1 }, undefined],
])('takes %j for %j', (reply, report) => {
  expect(reportOf('auphonic', 1, reply)).toEqual(report)
})
