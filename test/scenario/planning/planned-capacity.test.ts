import { expect, it } from 'vitest'
import { plannedCapacity } from '../../../src/scenario/planning/planned-capacity.ts'
import { defineUpstream } from '../../../src/upstreams/define.ts'

const reply = () => ({ body: 'x' })
const definition = {
  name: 'shop',
  latency: '100ms',
  routes: {
    quick: { method: 'GET', path: '/quick', reply },
    slow: { method: 'GET', path: '/slow', latency: { min: '200ms', max: '400ms' }, reply },
  },
} as const
const meta = { filename: '/shop.ts' } as ImportMeta // all that a definition reads of it
const limited = defineUpstream(meta, { ...definition, capacity: { workers: 4, queue: 10 } })

it('is what the workers can do of the mix that is asked for', () => {
  expect(plannedCapacity(limited, [limited.quick()])).toEqual({ workers: 4, perSecond: 40 })
  // Three of 100 ms and one of 300 ms: 150 ms on average.
  expect(plannedCapacity(limited, [limited.quick({ weight: 3 }), limited.slow()])?.perSecond).toBeCloseTo(4 / 0.15)
})

it('is unknown of an upstream without a bound, and of one that the load does not ask', () => {
  const unlimited = defineUpstream(meta, definition)
  expect(plannedCapacity(unlimited, [unlimited.quick()])).toBeUndefined()
  expect(plannedCapacity(limited, [])).toBeUndefined()
})
