// Latency whose spread has a shape. Every distribution has the mean `latency` and the standard deviation `jitter`. A delay below 0
// is 0. Chunks keep their order, as with latency.
import type { Random } from '../../../kernel/random.ts'
import { integer, oneOf, optional } from '../toxic-attribute.ts'
import { type Chunk, defineToxic } from '../toxic.ts'

// Each has mean 0 and standard deviation 1.
const distributions = {
  normal: (random: Random) => random.normal(),
  pareto: standardPareto,
  log_normal: standardLogNormal,
  uniform: (random: Random) => (2 * random.next() - 1) * Math.sqrt(3),
}

export type Distribution = keyof typeof distributions

export const jitter = defineToxic({
  attributes: {
    /** Mean of the delay, in ms. */
    latency: integer,
    /** Standard deviation of the delay, in ms. */
    jitter: integer,
    /** Shape of the spread. */
    distribution: optional(oneOf<Distribution>('normal', 'pareto', 'log_normal', 'uniform')),
  },
  queue: 1024,
  start(line, { latency, jitter: spread, distribution }) {
    let held: Chunk | undefined
    return {
      chunk(chunk) {
        held = chunk
        const due = chunk.at + Math.max(0, latency + spread * distributions[distribution](line.random))
        line.at(due, () => {
          held = undefined
          line.pass({ data: chunk.data, at: due })
          line.next()
        })
      },
      interrupt() {
        if (held) line.pass(held)
      },
    }
  },
})

/** Pareto with shape 3, a heavy tail that still has a variance: mean α/(α-1), variance α/((α-1)²(α-2)). */
function standardPareto(random: Random): number {
  const shape = 3
  const drawn = (1 - random.next()) ** (-1 / shape)
  return (drawn - shape / (shape - 1)) / Math.sqrt(shape / ((shape - 1) ** 2 * (shape - 2)))
}

/** Log-normal with σ = 0.5: mean e^(σ²/2), variance (e^σ² - 1)·e^σ². */
function standardLogNormal(random: Random): number {
  const variance = 0.25
  const drawn = Math.exp(Math.sqrt(variance) * random.normal())
  return (drawn - Math.exp(variance / 2)) / Math.sqrt((Math.exp(variance) - 1) * Math.exp(variance))
}
