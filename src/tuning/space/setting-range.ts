// One setting with the values that it may have: `gemini.breaker.failures=3..20`, `gemini.breaker.recovery=5s..90s`.
import { parseDuration } from '../../kernel/duration.ts'
import { GatecrashError } from '../../kernel/errors.ts'

/** Whole numbers, numbers, or spans of time. */
export type RangeKind = 'whole' | 'number' | 'time'

export interface SettingRange {
  /** `<upstream>.<policy>.<setting>` or `server.<name>`. */
  path: string
  kind: RangeKind
  /** Of a time: milliseconds. */
  low: number
  high: number
  /** Values are multiples of it, so that what is recommended can be read. */
  step: number
  /** Of a range of several sizes, equal ratios are equally far apart. */
  scale: 'linear' | 'log'
}

/** A value as a setting is written: a number, or a text such as `5.3s`. */
export type SettingValue = number | string

const SEPARATOR = '..'
// From 5 s to 90 s, half of all values would lie above 47 s.
const SEVERAL_SIZES = 10
const STEPS = 200

/** Whether a value that was given to a setting is a range of values. */
export const isRange = (value: unknown): value is string => typeof value === 'string' && value.includes(SEPARATOR)

/** @throws GatecrashError `usage` for a range that is none: an end that cannot be read, two units, nothing between the ends */
export function parseRange(path: string, text: string): SettingRange {
  const refused = (why: string): GatecrashError => new GatecrashError('usage', `--set ${path}=${text}: ${why}`)
  const [from = '', to = '', ...more] = text.split(SEPARATOR).map((end) => end.trim())
  if (from === '' || to === '' || more.length > 0) throw refused('write a range as LOW..HIGH, such as 3..20 or 5s..90s')
  const ends = [from, to].map((end) => endOf(end))
  const [low, high] = ends
  if (!low || !high) {
    const unread = low ? to : from
    throw refused(`"${unread}" is neither a number nor a span of time; write a range as 3..20, 0.1..0.9 or 5s..90s`)
  }
  if (low.isTime !== high.isTime) throw refused(`one end is a span of time and the other is none; write both with a unit, such as 5s..90s`)
  if (low.value >= high.value) throw refused('there is nothing between its ends; the first must be below the second')
  const kind = low.isTime ? 'time' : [from, to].every((end) => /^-?\d+$/.test(end)) ? 'whole' : 'number'
  const scale = low.value > 0 && high.value / low.value >= SEVERAL_SIZES ? 'log' : 'linear'
  const finest = Math.min((high.value - low.value) / STEPS, scale === 'log' ? low.value / 10 : Number.POSITIVE_INFINITY)
  const step = kind === 'number' ? powerOfTen(finest) : Math.max(1, powerOfTen(finest))
  return { path, kind, low: low.value, high: high.value, step, scale }
}

/** The value at a place in [0, 1] of the range. */
export function valueAt({ low, high, step, scale }: SettingRange, place: number): number {
  const value = scale === 'log' ? low * (high / low) ** place : low + (high - low) * place
  return Math.min(high, Math.max(low, rounded(value, step)))
}

/** Where in the range a value lies, from 0 to 1; beyond these outside of it. */
export function placeOf({ low, high, scale }: SettingRange, value: number): number {
  if (scale === 'linear') return (value - low) / (high - low)
  return value > 0 ? Math.log(value / low) / Math.log(high / low) : Number.NEGATIVE_INFINITY
}

/** As it is written in settings: 5300 of a time is "5.3s". `parseDuration` reads it back to the same value. */
export function written({ kind }: SettingRange, value: number): SettingValue {
  if (kind !== 'time') return value
  return value >= 1000 ? `${Number((value / 1000).toFixed(3))}s` : `${Number(value.toFixed(3))}ms`
}

/** The reverse of `written`; undefined for what is no value of such a range. */
export function read({ kind }: SettingRange, value: unknown): number | undefined {
  if (typeof value === 'number') return value
  return kind === 'time' && typeof value === 'string' ? Number(parseDuration(value).toFixed(6)) : undefined
}

function endOf(text: string): { value: number; isTime: boolean } | undefined {
  if (/^-?\d+(?:\.\d+)?(?:e-?\d+)?$/i.test(text)) return { value: Number(text), isTime: false }
  try {
    return { value: parseDuration(text), isTime: true }
  } catch {
    return undefined
  }
}

const powerOfTen = (value: number): number => 10 ** Math.floor(Math.log10(value))

// A step below 1 is no binary fraction: 3 × 0.1 is 0.30000000000000004.
const rounded = (value: number, step: number): number =>
  step >= 1 ? Math.round(value / step) * step : Number((Math.round(value / step) * step).toFixed(Math.ceil(-Math.log10(step))))
