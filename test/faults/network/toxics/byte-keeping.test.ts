import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { extendedToxics, toxics } from '../../../../src/faults/network/networks.ts'
import { lineUnder } from './line.ts'
import { propertyRuns } from '../../../property-runs.ts'

const losesBytes = new Set(['timeout', 'reset_peer', 'limit_data', 'limit_time', 'fail_first', 'packet_loss'])
const keepsBytes = Object.entries({ ...toxics, ...extendedToxics }).filter(([name]) => !losesBytes.has(name))
const attributes: Record<string, object> = {
  latency: { latency: 20, jitter: 30 },
  bandwidth: { rate: 1 },
  slow_close: { delay: 10 },
  slicer: { average_size: 3, size_variation: 1, delay: 500 },
  jitter: { latency: 20, jitter: 10 },
  shared_bandwidth: { rate: 1 },
}

it.each(keepsBytes)('%s loses, doubles and reorders nothing for any chunks and any updates, and ends after them', (name, type) => {
  const step = fc.oneof(
    fc.record({ send: fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 40 }) }),
    fc.record({ wait: fc.integer({ min: 0, max: 50 }) }),
    fc.constant({ update: true }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { clock, out, slot, send, update } = lineUnder(type, attributes[name] ?? {})
      let sent = ''
      for (const one of steps) {
        if ('send' in one) {
          sent += one.send
          send(one.send)
        } else if ('wait' in one) clock.advance(one.wait)
        else update(attributes[name] ?? {})
        expect(sent.startsWith(out.text)).toBe(true)
      }
      slot.end()
      clock.advance(100_000)
      expect(out.text).toBe(sent)
      expect(out.ended).toBe(true)
      expect(clock.pending).toBe(0)
    }),
    { numRuns: propertyRuns(0.1) },
  )
})
