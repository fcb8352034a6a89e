// How long an answer takes: one span per request, from draws that belong to that request.
import type { Ms } from '../kernel/clock.ts'
import type { Latency } from './request-fault.ts'

/** A named uniform draw in [0, 1) of one request. */
export type Draw = (name: string) => number

/** One span of a latency. Log-normal by Box and Muller: median · e^(sigma · z). */
export function drawLatency(latency: Latency, draw: Draw): Ms {
  if (latency.is === 'fixed') return latency.ms
  if (latency.is === 'uniform') return latency.minMs + (latency.maxMs - latency.minMs) * draw('latency')
  const radius = Math.sqrt(-2 * Math.log1p(-draw('latency')))
  const normal = radius * Math.cos(2 * Math.PI * draw('latency angle'))
  return latency.medianMs * Math.exp(latency.sigma * normal)
}
