// `rate` KB/s for all connections of the proxy together: first come, first served, a tenth of a second at a time.
import type { Ms } from '../../../kernel/clock.ts'
import { integer } from '../toxic-attribute.ts'
import { type Chunk, defineToxic } from '../toxic.ts'

const TURN_MS = 100

export const shared_bandwidth = defineToxic({
  attributes: {
    /** KB/s for all connections together; 1 KB is 1000 bytes. 0 stalls them. */
    rate: integer,
  },
  /** When the link will have carried everything that was let in so far. */
  memory: { per: 'toxic', start: (): { paidAt: Ms } => ({ paidAt: Number.NEGATIVE_INFINITY }) },
  start(line, { rate }, shared) {
    let held: Chunk | undefined
    const turn = (): void => {
      const { data, at } = held!
      const size = Math.min(data.length, Math.max(1, rate * TURN_MS))
      shared.paidAt = Math.max(shared.paidAt, line.clock.now()) + size / rate
      line.at(shared.paidAt, () => {
        held = size < data.length ? { data: data.subarray(size), at } : undefined
        line.pass({ data: data.subarray(0, size), at })
        if (held) turn()
        else line.next()
      })
    }
    return {
      chunk(chunk) {
        held = chunk
        // As with bandwidth, 0 stalls until it is changed or removed.
        if (rate > 0) turn()
      },
      interrupt() {
        if (held) line.pass(held)
      },
    }
  },
})
