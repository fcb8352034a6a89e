import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/kernel/random.ts'
import { virtualClock } from '../../../src/kernel/clock.ts'
import { extendedToxics, toxics } from '../../../src/toxiproxy/toxics/table.ts'
import { pieceSizes } from '../../../src/toxiproxy/toxics/slicer.ts'
import { lineUnder } from './line.ts'

describe('latency', () => {
  it('delays each chunk from when it came, so that spacing is kept', () => {
    const { clock, out, send } = lineUnder(toxics.latency, { latency: 100 })
    for (const text of ['a', 'b', 'c']) {
      send(text)
      clock.advance(10)
    }
    clock.advance(200)
    expect(out.pieces).toEqual([
      { at: 100, text: 'a' },
      { at: 110, text: 'b' },
      { at: 120, text: 'c' },
    ])
  })

  it('never lets a chunk overtake another, whatever the jitter', () => {
    const { clock, out, send } = lineUnder(toxics.latency, { latency: 100, jitter: 100 })
    const sent = Array.from({ length: 50 }, (_, index) => `${index};`)
    for (const text of sent) {
      send(text)
      clock.advance(1)
    }
    clock.advance(1000)
    expect(out.text).toBe(sent.join(''))
  })

  it('draws the same delays again from the same seed', () => {
    const times = (seed: number): number[] => {
      const { clock, out, send } = lineUnder(toxics.latency, { latency: 100, jitter: 50 }, { seed })
      for (let round = 0; round < 20; round++) {
        send('x')
        clock.advance(200)
      }
      return out.pieces.map(({ at }) => at)
    }
    expect(times(7)).toEqual(times(7))
    expect(times(7)).not.toEqual(times(8))
  })
})

describe('bandwidth', () => {
  it('passes a tenth of a second at a time, then the rest', () => {
    const { clock, out, send } = lineUnder(toxics.bandwidth, { rate: 100 })
    send('x'.repeat(32_768))
    clock.advance(1000)
    expect(out.pieces.map(({ at, text }) => [Math.round(at), text.length])).toEqual([
      [100, 10_000],
      [200, 10_000],
      [300, 10_000],
      [328, 2768],
    ])
  })

  it('does not throttle below rate 0, where the original crashes', () => {
    const { out, send } = lineUnder(toxics.bandwidth, { rate: -1 })
    send('hello')
    send('world')
    expect(out.text).toBe('helloworld')
  })
})

describe('slicer', () => {
  it('halves until pieces are small enough', () => {
    expect(pieceSizes(60, 10, 0, seededRandom(1))).toEqual([7, 8, 7, 8, 7, 8, 7, 8])
  })

  it('makes 240 to 720 pieces of 480 KB at an average of 1024 ± 512', () => {
    for (let seed = 0; seed < 20; seed++) {
      const count = pieceSizes(480_000, 1024, 512, seededRandom(seed)).length
      expect(count).toBeGreaterThanOrEqual(240)
      expect(count).toBeLessThanOrEqual(720)
    }
  })

  it('adds up to the whole for any attributes, also those that crash the original', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: -5, max: 6000 }),
        fc.integer({ min: -5, max: 6000 }),
        (length, average, variation) => {
          const sizes = pieceSizes(length, average, variation, seededRandom(length))
          expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(length)
          expect(Math.min(...sizes)).toBeGreaterThan(0)
        },
      ),
    )
  })

  it('keeps the rate where pieces are finer than a timer', () => {
    const { clock, out, send } = lineUnder(toxics.slicer, { average_size: 1, delay: 10 })
    send('x'.repeat(1000))
    clock.advance(20)
    expect(out.pieces).toHaveLength(1000)
    expect(out.pieces.at(-1)!.at).toBeCloseTo(9.99, 1)
  })
})

describe('jitter', () => {
  it.each(['uniform', 'normal', 'pareto', 'log_normal'])('has the mean and the deviation that it is given (%s)', (distribution) => {
    const { clock, out, send } = lineUnder(extendedToxics.jitter, { latency: 1000, jitter: 100, distribution })
    const delays: number[] = []
    for (let round = 0; round < 4000; round++) {
      const began = clock.now()
      send('x')
      clock.advance(20_000)
      delays.push(out.pieces.at(-1)!.at - began)
    }
    const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length
    const deviation = Math.sqrt(delays.reduce((sum, delay) => sum + (delay - mean) ** 2, 0) / delays.length)
    expect(mean).toBeGreaterThan(990)
    expect(mean).toBeLessThan(1010)
    // A heavy tail shows its variance slowly.
    expect(deviation).toBeGreaterThan(75)
    expect(deviation).toBeLessThan(130)
  })
})

describe('packet_loss', () => {
  it('drops about its share of chunks', () => {
    const { out, send } = lineUnder(extendedToxics.packet_loss, { loss_rate: 0.3 })
    for (let chunk = 0; chunk < 2000; chunk++) send('x')
    expect(out.pieces.length).toBeGreaterThan(1300)
    expect(out.pieces.length).toBeLessThan(1500)
  })

  it('drops everything after the first drop at correlation 1', () => {
    const { out, send } = lineUnder(extendedToxics.packet_loss, { loss_rate: 0.1, correlation: 1 })
    for (let chunk = 0; chunk < 500; chunk++) send(String(chunk % 10))
    const [count] = [out.pieces.length]
    send('later')
    expect(out.pieces).toHaveLength(count)
    expect(count).toBeLessThan(200)
  })
})

describe('shared_bandwidth', () => {
  it('is one limit for two connections', () => {
    const clock = virtualClock()
    const shared = extendedToxics.shared_bandwidth.memory!.start()
    const lines = [0, 1].map((connection) => lineUnder(extendedToxics.shared_bandwidth, { rate: 100 }, { clock, shared, connection }))
    for (const { send } of lines) send('x'.repeat(30_000))
    clock.advance(10_000)
    expect(lines.map(({ out }) => out.text.length)).toEqual([30_000, 30_000])
    expect(Math.max(...lines.map(({ out }) => out.pieces.at(-1)!.at))).toBeCloseTo(600, 5)
  })
})

describe('limit_time and fail_first', () => {
  it('ends a connection at its age while data flows', () => {
    const { clock, out, send } = lineUnder(extendedToxics.limit_time, { time: 100 })
    for (let round = 0; round < 20; round++) {
      send('x')
      clock.advance(10)
    }
    expect(out.ended).toBe(true)
    expect(out.text).toBe('x'.repeat(10))
  })

  it('ends the first connections and leaves the others alone, also after an update', () => {
    const clock = virtualClock()
    const shared = extendedToxics.fail_first.memory!.start()
    const lines = [0, 1, 2, 3].map((connection) => lineUnder(extendedToxics.fail_first, { connections: 2 }, { clock, shared, connection }))
    for (const { send } of lines) send('x')
    lines[3]!.update({ connections: 2 })
    clock.advance(1)
    expect(lines.map(({ out }) => [out.ended, out.text])).toEqual([
      [true, ''],
      [true, ''],
      [false, 'x'],
      [false, 'x'],
    ])
  })
})

// timeout, reset_peer, limit_data, fail_first and packet_loss lose bytes by design.
const keepsBytes = {
  ...(({ noop, latency, bandwidth, slow_close, slicer }) => ({ noop, latency, bandwidth, slow_close, slicer }))(toxics),
  jitter: extendedToxics.jitter,
  shared_bandwidth: extendedToxics.shared_bandwidth,
}
const attributes: Record<string, object> = {
  latency: { latency: 20, jitter: 30 },
  bandwidth: { rate: 1 },
  slow_close: { delay: 10 },
  slicer: { average_size: 3, size_variation: 1, delay: 500 },
  jitter: { latency: 20, jitter: 10 },
  shared_bandwidth: { rate: 1 },
}

it.each(Object.entries(keepsBytes))(
  '%s loses, doubles and reorders nothing for any chunks and any updates, and ends after them',
  (name, type) => {
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
    )
  },
)
