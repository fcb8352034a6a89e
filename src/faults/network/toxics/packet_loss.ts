// Drops whole chunks with probability `loss_rate`, plus `correlation` after a drop, as on Toxiproxy's main branch. The bytes vanish
// from the stream. A real loss would show as delay over TCP: for that see jitter.
import { optional, ratio } from '../toxic-attribute.ts'
import { defineToxic } from '../toxic.ts'

export const packet_loss = defineToxic({
  attributes: {
    /** Share of chunks that are dropped (0–1). */
    loss_rate: ratio,
    /** Added to `loss_rate` right after a drop (0–1). */
    correlation: optional(ratio),
  },
  memory: { per: 'line', start: () => ({ dropped: false }) },
  start: (line, { loss_rate, correlation }, memory) => ({
    chunk(chunk) {
      memory.dropped = line.random.next() < loss_rate + (memory.dropped ? correlation : 0)
      if (!memory.dropped) line.pass(chunk)
      line.next()
    },
  }),
})
