// How long an answer takes: one span per request, from draws that belong to that request.
import * as z from 'zod'
import type { Ms } from '../kernel/clock.ts'
import { duration } from '../kernel/validation.ts'
import { span } from '../kernel/wording.ts'

/** A span drawn per request. `log_normal` is given by its median and the standard deviation of its logarithm. */
export type Latency = { is: 'fixed'; ms: Ms } | { is: 'uniform'; minMs: Ms; maxMs: Ms } | { is: 'log_normal'; medianMs: Ms; sigma: number }

/** A latency as people write it: `'2s'`, `{ median: '800ms', sigma: 0.5 }`, `{ min: '1s', max: '3s' }`. */
export type LatencyInput = z.input<(typeof written)[number]>

/** A named uniform draw in [0, 1) of one request. */
export type Draw = (name: string) => number

// An hour: longer than any client waits, and far below what timers can hold.
const ms = duration.pipe(z.number().max(3_600_000, { error: 'must be at most an hour' }))
const sigma = z.number().min(0).max(5)

const written = [
  ms.transform((fixed): Latency => ({ is: 'fixed', ms: fixed })),
  z.strictObject({ median: ms, sigma }).transform((drawn): Latency => ({ is: 'log_normal', medianMs: drawn.median, sigma: drawn.sigma })),
  z
    .strictObject({ min: ms, max: ms })
    .refine(({ min, max }) => min <= max, { error: 'min must not be above max' })
    .transform(({ min, max }): Latency => ({ is: 'uniform', minMs: min, maxMs: max })),
] as const

const planned = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('fixed'), ms }),
  z
    .strictObject({ is: z.literal('uniform'), minMs: ms, maxMs: ms })
    .refine(({ minMs, maxMs }) => minMs <= maxMs, { path: ['maxMs'], error: 'must not be below minMs' }),
  z.strictObject({ is: z.literal('log_normal'), medianMs: ms, sigma }),
])

/** Accepts what people write, and its own result. */
export const latencySchema = z.union([...written, planned])

/** What a span takes draws for. */
export type LatencyDraw = 'latency' | 'latency angle'

/** One span of a latency. */
export function drawLatency(latency: Latency, draw: (name: LatencyDraw) => number): Ms {
  if (latency.is === 'fixed') return latency.ms
  const uniform = draw('latency')
  if (latency.is === 'uniform') return latency.minMs + (latency.maxMs - latency.minMs) * uniform
  return logNormal(latency, normalOf(uniform, draw('latency angle')))
}

export const logNormal = ({ medianMs, sigma: spread }: Extract<Latency, { is: 'log_normal' }>, normal: number): Ms =>
  medianMs * Math.exp(spread * normal)

/** A standard normal number of two uniform ones, by Box and Muller. */
export const normalOf = (uniform: number, angle: number): number => Math.sqrt(-2 * Math.log1p(-uniform)) * Math.cos(2 * Math.PI * angle)

/** The mean of all spans that may be drawn. */
export function meanLatency(latency: Latency): Ms {
  if (latency.is === 'fixed') return latency.ms
  if (latency.is === 'uniform') return (latency.minMs + latency.maxMs) / 2
  return latency.medianMs * Math.exp(latency.sigma ** 2 / 2)
}

/** "2 s", "100 ms to 300 ms", "about 800 ms" */
export function latencyWords(latency: Latency): string {
  if (latency.is === 'fixed') return span(latency.ms)
  if (latency.is === 'uniform') return `${span(latency.minMs)} to ${span(latency.maxMs)}`
  return `about ${span(latency.medianMs)}`
}
