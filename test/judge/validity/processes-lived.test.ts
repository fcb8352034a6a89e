import { expect, it } from 'vitest'
import type { Role } from '../../../src/evidence/events.ts'
import { type Story, failing, findingOf, healthyGemini, verdictOf } from '../history.ts'
import { steadyP95, errors } from '../criteria.ts'

it('fails what a gateway left undone by dying, and excuses it by a dead harness', async () => {
  const died = (role: Role): Story => ({
    also: [{ type: 'process', t: 40_000, role, edge: 'exited', code: 1, unexpected: true, stderr: 'Error\nout of memory' }],
    gemini: (dueMs) => (dueMs > 40_000 ? { ...failing, outcome: 'connection_error', attempts: 0 } : healthyGemini(dueMs)),
  })
  expect(await findingOf(errors, died('gateway'))).toMatchObject({
    result: 'fail',
    cause: 'gateway_died',
    why: 'gateway ended by itself at 40.0 s (code 1): out of memory',
  })
  expect(await findingOf(steadyP95, died('gateway'))).toMatchObject({ result: 'pass' })
  expect(await findingOf(errors, died('upstreams'))).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
  expect((await verdictOf([steadyP95], died('gateway'))).result).toBe('inconclusive')
})
