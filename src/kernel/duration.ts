// People write '30s'; code counts milliseconds. The edge converts once, here.
import { GatecrashError } from './errors.ts'
import type { Ms } from './clock.ts'

/** What people may write for a span: '250ms', '30s', '1.5m', '2h', '7d', or a number of milliseconds. */
export type Duration = string | number

const UNIT_MS: Record<string, Ms> = { us: 0.001, ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/** @throws GatecrashError `bad_duration` for anything but a non-negative number with one of the units us, ms, s, m, min, h, d */
export function parseDuration(text: Duration): Ms {
  if (typeof text === 'number') {
    if (Number.isFinite(text) && text >= 0) return text
  } else {
    const parts = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/.exec(text)
    const unit = UNIT_MS[parts?.[2] ?? '']
    if (parts && unit !== undefined) return Number(parts[1]) * unit
  }
  throw new GatecrashError(
    'bad_duration',
    `not a duration: ${JSON.stringify(text)}; write a number and a unit, such as "250ms", "30s" or "2m"`,
  )
}

/** The shortest usual form, three significant digits: 1234 → '1.23s', 60000 → '1m'. */
export function formatDuration(span: Ms): string {
  const sign = span < 0 ? '-' : ''
  const size = Math.abs(span)
  if (size < 1000) return `${sign}${short(size)}ms`
  if (size < 60_000) return `${sign}${short(size / 1000)}s`
  if (size < 3_600_000) return `${sign}${short(size / 60_000)}m`
  return `${sign}${short(size / 3_600_000)}h`
}

function short(value: number): string {
  return String(Number(value.toPrecision(value >= 100 ? Math.ceil(Math.log10(value + 1)) : 3)))
}
