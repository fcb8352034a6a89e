// The types of toxics are derived from their table: what they demand and allow is what `tsc` says of these lines.
import { describe, expectTypeOf, it } from 'vitest'
import type { ExtendedToxicSpec, ToxicSpec } from '../../../../src/faults/network/networks.ts'
import type { extendedToxics, toxics } from '../../../../src/faults/network/networks.ts'

describe('the spec of a toxic', () => {
  it('exists for every toxic of the table but noop', () => {
    expectTypeOf<ToxicSpec['type']>().toEqualTypeOf<Exclude<keyof typeof toxics, 'noop'>>()
    expectTypeOf<ExtendedToxicSpec['type']>().toEqualTypeOf<keyof typeof extendedToxics>()
  })

  it('demands the attributes that a toxic needs, and allows those that have a sensible zero', () => {
    expectTypeOf<Extract<ToxicSpec, { type: 'latency' }>['attributes']>().toEqualTypeOf<{ latency: number; jitter?: number }>()
    expectTypeOf<Extract<ToxicSpec, { type: 'slicer' }>['attributes']>().toEqualTypeOf<{
      average_size: number
      size_variation?: number
      delay?: number
    }>()
  })

  it('keeps the words that an attribute may be', () => {
    expectTypeOf<Extract<ExtendedToxicSpec, { type: 'jitter' }>['attributes']>().toEqualTypeOf<{
      latency: number
      jitter: number
      distribution?: 'normal' | 'pareto' | 'log_normal' | 'uniform'
    }>()
  })
})
