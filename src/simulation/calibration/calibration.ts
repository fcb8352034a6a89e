// What a machine adds to the times that plan, fakes and policies decide: how late its timers are, and how long a request is on its way
// between processes. Measured in the steady phase of a live run (see `gatecrash calibrate`); a default ships.
//
//   due ─late─▶ sent ─toGateway─▶ gateway ─toUpstream─▶ arrival ─service, timer─▶ departure ─fromUpstream─▶ gateway ─toClient─▶ answer
import * as z from 'zod'
import type { Ms } from '../../kernel/clock.ts'

/** The shares (0–1) of spans that are at most as long as the spans of the same place in a table. */
export const quantiles = [0, 0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1] as const

/** One span for each of `quantiles`, none below the one before. */
const spans = z
  .array(z.number().min(0).max(60_000))
  .length(quantiles.length)
  .refine((values) => values.every((value, at) => at === 0 || value >= values[at - 1]!), { error: 'must not fall' })

/** All spans are in milliseconds. */
export const calibrationSchema = z.strictObject({
  /** From when a request is due until it is sent. */
  late: spans,
  /** From sent until the gateway has read the request. */
  toGateway: spans,
  /** From the gateway's decision until the request has arrived at its upstream, on a connection that is open. */
  toUpstream: spans,
  /** How much later than planned a fake answers. */
  timer: spans,
  /** From the departure of an answer until the gateway has it. */
  fromUpstream: spans,
  /** From the gateway's answer until the client has it. */
  toClient: spans,
  /** Added for a connection that must be made first. */
  connect: spans,
  /** From asking for a fault until it acts, or no longer acts. */
  fault: spans,
  /** What the gateway takes of a processor for each request and each attempt. */
  gatewayWork: z.number().min(0).max(1000),
})

export type Calibration = z.output<typeof calibrationSchema>
export type Leg = Exclude<keyof Calibration, 'gatewayWork'>

export const legs = ['late', 'toGateway', 'toUpstream', 'timer', 'fromUpstream', 'toClient', 'connect', 'fault'] as const satisfies Leg[]

/** Of a busy virtual machine with two cores: gemini-outage at 200 requests a second. */
export const defaultCalibration: Calibration = {
  late: [0.01, 0.09, 0.31, 0.6, 0.91, 1.09, 1.19, 1.64, 5.4, 7.4],
  toGateway: [0.1, 0.14, 0.2, 0.27, 0.36, 0.5, 0.65, 1.1, 1.7, 2],
  toUpstream: [0.13, 0.19, 0.25, 0.32, 0.4, 0.5, 0.6, 0.9, 1.5, 1.9],
  timer: [0.14, 0.29, 0.52, 0.83, 1.13, 1.32, 1.47, 1.87, 3.9, 4.2],
  fromUpstream: [0.08, 0.13, 0.19, 0.26, 0.36, 0.47, 0.55, 0.95, 3.2, 4],
  toClient: [0.05, 0.09, 0.14, 0.2, 0.27, 0.37, 0.48, 0.73, 3.1, 4],
  connect: [0.3, 0.4, 0.5, 0.6, 0.8, 1.1, 1.4, 2.5, 5, 6],
  fault: [2, 2.5, 3, 4, 6, 8, 10, 14, 20, 25],
  gatewayWork: 0.4,
}

// From here on spans grow as a power of how rare they are. In proportion, p97.5 would be a third too long.
const TAIL = 0.9

/** One span; see `spansOf`. */
export function spanAt(measured: readonly Ms[], draw: number): Ms {
  return spansOf(measured)(draw)
}

/** By a uniform draw in [0, 1), the span that it falls on: between the measured ones in proportion, in the tail as in a Pareto distribution. */
export function spansOf(measured: readonly Ms[]): (draw: number) => Ms {
  // What follows from the table is worked out once. A power of 0 stands for those in proportion.
  const tops = Float64Array.from(quantiles)
  const measuredMs = Float64Array.from(measured)
  const powers = tops.map((to, at) => (at === 0 ? 0 : powerOf(tops[at - 1]!, to, measuredMs[at - 1]!, measuredMs[at]!)))
  return (draw) => {
    let at = sections[(draw * SECTIONS) | 0]!
    while (draw >= tops[at]!) at++
    const from = tops[at - 1]!
    const low = measuredMs[at - 1]!
    const power = powers[at]!
    if (power === 0) return low + ((measuredMs[at]! - low) * (draw - from)) / (tops[at]! - from)
    return low * ((1 - from) / (1 - draw)) ** power
  }
}

// By section of the draws, the first quantile above it: which one a draw is below is not searched for from the start.
const SECTIONS = 1024
const sections = Uint8Array.from({ length: SECTIONS }, (_, at) => quantiles.findIndex((quantile) => quantile > at / SECTIONS))

function powerOf(from: number, to: number, low: Ms, high: Ms): number {
  if (from < TAIL || to === 1 || low === 0) return 0
  return Math.log(high / low) / Math.log((1 - from) / (1 - to))
}
