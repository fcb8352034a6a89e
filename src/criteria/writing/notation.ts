// What scenarios write in criteria, read into their data: shares, names of upstreams and phases.
import { GatecrashError } from '../../kernel/errors.ts'

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

/** A size of memory: '50MB', '64MiB', or a number of bytes. */
export type Size = string | number

const UNIT_BYTES: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['kB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['KiB', 2 ** 10],
  ['MiB', 2 ** 20],
  ['GiB', 2 ** 30],
])

/** @throws GatecrashError `invalid_scenario` for anything but a positive number, with one of the units B, kB, MB, GB, KiB, MiB, GiB */
export function parseSize(text: Size): number {
  const parts = typeof text === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*$/.exec(text) : undefined
  const value = typeof text === 'number' ? text : Number(parts?.[1]) * (UNIT_BYTES.get(parts?.[2] ?? '') ?? Number.NaN)
  if (value > 0 && Number.isFinite(value)) return value
  throw new GatecrashError('invalid_scenario', `not a size: ${JSON.stringify(text)}; write a number and a unit, such as "50MB" or "64MiB"`)
}

/** An optional key is left out, not set to undefined: criteria are compared and stored as JSON. */
export function during(phases: readonly string[]): { during?: string[] } {
  return phases.length === 0 ? {} : { during: [...phases] }
}
