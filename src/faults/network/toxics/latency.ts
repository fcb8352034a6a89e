// Each chunk leaves `latency` ± `jitter` ms after it was read. Chunks keep their order, and pipelined ones their spacing.
import { integer, optional } from '../toxic-attribute.ts'
import { type Chunk, defineToxic } from '../toxic.ts'

export const latency = defineToxic({
  attributes: {
    /** Delay, in ms. */
    latency: integer,
    /** Half the width of the uniform spread around `latency`, in ms. */
    jitter: optional(integer),
  },
  // A short queue would turn the delay into a bandwidth limit.
  queue: 1024,
  start(line, { latency: delay, jitter }) {
    let held: Chunk | undefined
    const release = (at: number): void => {
      const { data } = held!
      held = undefined
      line.pass({ data, at })
      line.next()
    }
    return {
      chunk(chunk) {
        held = chunk
        const due = chunk.at + delay + (jitter > 0 ? line.random.integer(2 * jitter) - jitter : 0)
        if (due > line.clock.now()) line.at(due, () => release(due))
        else release(Math.max(due, chunk.at))
      },
      interrupt() {
        if (held) line.pass(held)
      },
    }
  },
})
