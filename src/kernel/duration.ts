// People write '30s'; code counts milliseconds. The edge converts once, here.
import { GatecrashError } from './errors.ts'
import type { Ms } from './clock.ts'

/** What people may write for a span: '250ms', '30s', '1.5m', '2h', '7d', or a number of milliseconds. */
export type Duration = string | number

const UNIT_MS: ReadonlyMap<string, Ms> = new Map([
  ['us', 0.001],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['min', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])

/** @throws GatecrashError `bad_duration` for anything but a non-negative number with one of the units us, ms, s, m, min, h, d */
export function parseDuration(text: Duration): Ms {
  if (typeof text === 'number') {
    if (Number.isFinite(text) && text >= 0) return text
  } else {
    const parts = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/.exec(text)
    const unit = UNIT_MS.get(parts?.[2] ?? '')
    const ms = Number(parts?.[1]) * (unit ?? Number.NaN)
    if (Number.isFinite(ms)) return ms
  }
  throw new GatecrashError(
    'bad_duration',
    `not a duration: ${typeof text === 'number' ? text : JSON.stringify(text)}; write a number and a unit, such as "250ms", "30s" or "2m"`,
  )
}
