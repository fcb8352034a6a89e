// Lets `rate` KB/s through, which is `rate` bytes a millisecond. The delay comes before the data.
//
//   100 KB/s, 32 KiB:  ─100 ms─▶ 10000 ─100 ms─▶ 10000 ─100 ms─▶ 10000 ─28 ms─▶ 2768
import { integer } from '../toxic-attribute.ts'
import { type Chunk, defineToxic } from '../toxic.ts'

const STEP_MS = 100

export const bandwidth = defineToxic({
  attributes: {
    /** KB/s for each connection; 1 KB is 1000 bytes. 0 stalls the stream until the toxic changes or goes. */
    rate: integer,
  },
  start(line, { rate }) {
    let held: Chunk | undefined
    // Below zero: how late the last chunk passed. The next one passes earlier by as much.
    let debt = 0

    const pass = (bytes: number): void => {
      const { data, at } = held!
      held = bytes < data.length ? { data: data.subarray(bytes), at } : undefined
      line.pass({ data: data.subarray(0, bytes), at })
    }
    const step = (began: number): void => {
      const { length } = held!.data
      if (length > rate * STEP_MS) {
        line.at(began + STEP_MS, () => {
          pass(rate * STEP_MS)
          debt -= STEP_MS
          step(began + STEP_MS)
        })
      } else {
        const due = began + debt
        line.at(due, () => {
          debt = Math.min(0, due - line.clock.now())
          pass(length)
          line.next()
        })
      }
    }
    return {
      chunk(chunk) {
        held = chunk
        // Rate 0 stalls until it is changed or removed. Below 0 the original crashes; here nothing is throttled.
        if (rate === 0) return
        if (rate < 0) {
          pass(chunk.data.length)
          return line.next()
        }
        debt += chunk.data.length / rate
        step(line.clock.now())
      },
      interrupt() {
        if (held) line.pass(held)
      },
    }
  },
})
