import { expect, it } from 'vitest'
import { verdictOf } from '../history.ts'
import { all, health } from '../criteria.ts'

it('passes a healthy run with every check held', async () => {
  const verdict = await verdictOf(all, { also: [health(5000, 'load', 12), health(5000, 'upstreams', 10), health(5000, 'toxiproxy', 8)] })
  expect(verdict.validity.filter(({ ok: holds }) => !holds)).toEqual([])
  expect(verdict.validity.map(({ id }) => id)).toEqual([
    'journal_complete',
    'phase_reached:warm-up',
    'phase_reached:steady',
    'phase_reached:outage',
    'phase_reached:recovery',
    'load_delivered',
    'answered:gemini',
    'answered:assemblyai',
    'traffic:gemini',
    'fault_bit:F1',
    'breaker_events',
    'witnesses:gemini',
    'witnesses:assemblyai',
    'lateness',
    'loop_delay:load',
    'loop_delay:toxiproxy',
    'loop_delay:upstreams',
    'cpu:load',
    'cpu:toxiproxy',
    'cpu:upstreams',
  ])
  expect(verdict).toMatchObject({ result: 'pass', counts: { pass: 7, fail: 0, inconclusive: 0 }, why: [] })
})
