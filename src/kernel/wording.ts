// How spans, counts, shares and quantiles are written wherever a person reads them: findings, reports, plans, the terminal.
// One locale, whatever the machine's: the same run gives the same bytes everywhere.
import type { Ms } from './clock.ts'

const LOCALE = 'en-US'
const number = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 20 })

/** What has no thousands to separate reads the same without a locale, and is written in no time. */
const written = (value: number): string => (value >= 0.001 && value < 1000 ? String(value) : number.format(value))

// Unit, its length, and the size from which the next unit is used: "90 s" and "90 min" read better than "1.5 min" and "1.5 h".
const SPAN_UNITS = [
  ['ms', 1, 1000],
  ['s', 1000, 120],
  ['min', 60_000, 120],
  ['h', 3_600_000, Number.POSITIVE_INFINITY],
] as const

/**
 * A length of time, to three significant digits: 97 → "97 ms", 5000 → "5 s", 90000 → "90 s". Between 1 s and 10 s it is
 * told to the millisecond ("2.004 s"), so that a value just above its limit differs from the limit. `parseDuration` reads it back.
 */
export function span(ms: Ms): string {
  const sign = ms < 0 ? '-' : ''
  const size = Math.abs(ms)
  // Rounded before the unit is chosen: 999.6 ms is "1 s", not "1000 ms".
  for (const [unit, unitMs, next] of SPAN_UNITS) {
    const rounded = unit === 's' && size < 10_000 ? rounds(size / unitMs, 3) : threeDigits(size / unitMs)
    if (rounded < next) return `${sign}${written(rounded)} ${unit}`
  }
  return `${sign}∞`
}

/** A moment on the plan's axis: seconds since load start, one decimal, two for an event. 13240 → "13.2 s". */
export function moment(at: Ms, decimals = 1): string {
  return `${fixed(at / 1000, decimals)} s`
}

/** "at 13.2 s" */
export const atTime = (at: Ms): string => `at ${moment(at)}`

/** A whole number with its thousands separated: 2995 → "2,995". */
export const count = (value: number): string => written(Math.round(value))

/** A number with exactly so many decimals: (1.832, 2) → "1.83". */
export function fixed(value: number, decimals: number): string {
  let format = withDecimals.get(decimals)
  if (!format) {
    format = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
    withDecimals.set(decimals, format)
  }
  return format.format(value)
}

// To make one takes longer than to write a hundred numbers.
const withDecimals = new Map<number, Intl.NumberFormat>()

/** A share 0–1 with as many digits as tell it from 0 % and from 100 %: 0.001 → "0.1 %", 0.99951 → "99.951 %", 0.336 → "33.6 %". */
export function share(ratio: number): string {
  const percent = ratio * 100
  const toEnd = Math.min(Math.abs(percent), Math.abs(100 - percent))
  const decimals = toEnd === 0 ? 0 : Math.min(6, Math.max(1, 2 - Math.floor(Math.log10(toEnd))))
  return `${written(rounds(percent, decimals))} %`
}

// Decimal units, as memory is told by most tools today.
const BYTE_UNITS = ['B', 'kB', 'MB', 'GB'] as const

/** A size of memory to three significant digits: 52_428_800 → "52.4 MB". */
export function bytes(size: number): string {
  const power = size === 0 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.abs(size)) / 3)))
  return `${written(Number((size / 1000 ** power).toPrecision(3)))} ${BYTE_UNITS[power]}`
}

/** 0.95 → "p95", 0.999 → "p99.9". */
export const quantile = (level: number): string => `p${Number((level * 100).toPrecision(6))}`

/** (1, 'request') → "1 request", (2995, 'request') → "2,995 requests". */
export const plural = (value: number, one: string, many = `${one}s`): string => `${count(value)} ${value === 1 ? one : many}`

/** The end of an inconclusive finding's sentence: "; needs about 995 more", or that no number of requests would decide it. */
export const needsText = (needsMore: number | undefined): string =>
  needsMore === undefined ? '; too close to the limit to say how many would decide it' : `; needs about ${count(needsMore)} more`

/** `value` as `write` writes it; where its limit reads the same and is not the same: "just over 1 s", "just under 1 s". */
export function beside(value: number, limit: number, write: (value: number) => string): string {
  const text = write(value)
  if (value === limit || text !== write(limit)) return text
  return `${value > limit ? 'just over' : 'just under'} ${text}`
}

const rounds = (value: number, decimals: number): number => Number(value.toFixed(decimals))

function threeDigits(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(3))
}
