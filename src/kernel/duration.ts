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

// Unit, its length, and how many of it are said in the next one.
const SHOWN_UNITS = [
  ['ms', 1, 1000],
  ['s', 1000, 60],
  ['m', 60_000, 60],
] as const

/** @throws GatecrashError `bad_duration` for anything but a non-negative number with one of the units us, ms, s, m, min, h, d */
export function parseDuration(text: Duration): Ms {
  if (typeof text === 'number') {
    if (Number.isFinite(text) && text >= 0) return text
  } else {
    const parts = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/.exec(text)
    const unit = UNIT_MS.get(parts?.[2] ?? '')
    if (parts && unit !== undefined) return Number(parts[1]) * unit
  }
  throw new GatecrashError(
    'bad_duration',
    `not a duration: ${typeof text === 'number' ? text : JSON.stringify(text)}; write a number and a unit, such as "250ms", "30s" or "2m"`,
  )
}

/** The shortest usual form, three significant digits: 1234 → '1.23s', 60000 → '1m'. */
export function formatDuration(span: Ms): string {
  const sign = span < 0 ? '-' : ''
  const size = Math.abs(span)
  // Rounded before the unit is chosen: 59.999 s is '1m', not '60s'.
  for (const [unit, unitMs, next] of SHOWN_UNITS) {
    const rounded = threeDigits(size / unitMs)
    if (rounded < next) return `${sign}${rounded}${unit}`
  }
  return `${sign}${threeDigits(size / 3_600_000)}h`
}

function threeDigits(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(3))
}
