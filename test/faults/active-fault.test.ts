import { expect, it } from 'vitest'
import type { Problem } from '../../src/kernel/errors.ts'
import { check } from '../../src/kernel/validation.ts'
import { activeFaultSchema } from '../../src/faults/active-fault.ts'
import type { RequestFault } from '../../src/faults/requests.ts'

function problemsOf(input: unknown): Problem[] {
  const problems: Problem[] = []
  check(activeFaultSchema, input, '', problems)
  return problems
}

const examples: { [Is in RequestFault['is']]: RequestFault & { is: Is } } = {
  status: { is: 'status', status: 429, retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT' },
  latency: { is: 'latency', latency: { is: 'log_normal', medianMs: 800, sigma: 0.5 } },
  hang: { is: 'hang' },
  disconnect: { is: 'disconnect', when: 'mid_body', fraction: 0.3 },
  truncated: { is: 'truncated', fraction: 0.9 },
  malformed: { is: 'malformed' },
  drip: { is: 'drip', pieces: 10, intervalMs: 50 },
  stalled_stream: { is: 'stalled_stream', fraction: 0.5 },
  cut_stream: { is: 'cut_stream', fraction: 0.5 },
  stream_error: { is: 'stream_error', status: 529, fraction: 0.5 },
  closed_after: { is: 'closed_after', answers: 10 },
  overloaded: { is: 'overloaded', workers: 8, queue: 100 },
  slow_start: { is: 'slow_start', workers: 100, queue: 100, from: 1, over: 10_000 },
  custom: { is: 'custom', module: 'my/late-body.ts', export: 'lateBody', params: { by: 1 }, words: 'sends the body late' },
}

it.each(Object.values(examples))('takes the fault $is as it is', (fault) => {
  const active = { id: 'F1', fault, hits: { share: 0.5, first: 9, every: 2, attempts: 1, routes: ['greet'], methods: ['GET'] } }
  expect(activeFaultSchema.parse(active)).toEqual(active)
})

it('hits every request when no condition is given', () => {
  expect(activeFaultSchema.parse({ id: 'F1', fault: { is: 'hang' } }).hits).toEqual({})
})

it('names every problem at once, each with its place and value', () => {
  expect(
    problemsOf({ id: 'F 1', fault: { is: 'status', status: 999, body: 'x' }, hits: { share: 2 } }).toSorted((a, b) =>
      a.path.localeCompare(b.path),
    ),
  ).toEqual([
    { path: 'fault.body', message: expect.stringContaining('unknown setting "body"') },
    { path: 'fault.status', message: expect.stringContaining('got 999') },
    { path: 'hits.share', message: expect.stringContaining('got 2') },
    { path: 'id', message: expect.stringContaining('letters, digits') },
  ])
})

it('knows a fault by a near name', () => {
  expect(problemsOf({ id: 'F1', fault: { is: 'latencey' } })).toEqual([
    { path: 'fault.is', message: 'unknown fault "latencey"; did you mean "latency"?' },
  ])
})

it('refuses a range whose ends are the wrong way round', () => {
  const fault = { is: 'latency', latency: { is: 'uniform', minMs: 9, maxMs: 1 } }
  expect(problemsOf({ id: 'F1', fault })).toEqual([{ path: 'fault.latency.maxMs', message: 'must not be below minMs' }])
})

it('refuses a Retry-After that cannot be sent', () => {
  expect(problemsOf({ id: 'F1', fault: { is: 'status', status: 429, retryAfter: '1\r\nx: y' } })).toHaveLength(1)
})
