// What scenarios write in criteria, read into their data: shares, names of upstreams and phases.
import { GatecrashError } from '../kernel/errors.ts'

/** An upstream by its name, or anything that carries one. */
export type UpstreamRef = string | { readonly name: string }

/** A share of requests: '0.1%', or a number from 0 to 1. */
export type Share = string | number

export function nameOf(upstream: UpstreamRef): string {
  return typeof upstream === 'string' ? upstream : upstream.name
}

/** @throws GatecrashError `invalid_scenario` for anything but '0%' to '100%' or 0 to 1 */
export function parseShare(text: Share): number {
  const percent = typeof text === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(text)?.[1] : undefined
  // Through the decimal text: 0.1 / 100 is 0.001 only after rounding.
  const value = typeof text === 'number' ? text : percent === undefined ? Number.NaN : Number((Number(percent) / 100).toPrecision(12))
  if (value >= 0 && value <= 1) return value
  throw new GatecrashError(
    'invalid_scenario',
    `not a share: ${JSON.stringify(text)}; write a percentage such as "0.1%", or a number from 0 to 1`,
  )
}

/** An optional key is left out, not set to undefined: criteria are compared and stored as JSON. */
export function during(phases: readonly string[]): { during?: string[] } {
  return phases.length === 0 ? {} : { during: [...phases] }
}
