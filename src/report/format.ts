// The figures of findings and checks, each with its unit.
import { beside, bytes, fixed, share, span } from '../kernel/wording.ts'
import type { Finding } from '../judge/verdict.ts'
import type { Relation } from '../criteria/criterion.ts'

/** Shown where there is no value, which is not 0. */
export const NOTHING = '–'

// Like `count`, with up to three decimals.
const number = new Intl.NumberFormat('en-US')

/** `2004.1 ms` → "2.004 s", `0.0128 ratio` → "1.28 %", `1.832 per_call` → "1.83×". */
export function figure(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING
  if (unit === 'ms') return span(value)
  if (unit === 'ratio') return share(value)
  if (unit === 'bytes') return bytes(value)
  if (unit === 'per_second') return `${number.format(Math.round(value))}/s`
  if (unit === 'per_call') return `${fixed(value, 2)}×`
  return number.format(value)
}

/** The signed margin of a finding, and beyond twice its bound "20× bound"; "–" where the bound is not a number to be near to. */
export function margin(finding: Pick<Finding, 'margin'>): string {
  if (finding.margin === null || !Number.isFinite(finding.margin)) return NOTHING
  if (finding.margin < -1) return `${fixed(1 - finding.margin, 1)}× bound`
  const sign = finding.margin < 0 ? '−' : '+'
  return `${sign}${fixed(Math.abs(finding.margin) * 100, 1)} %`
}

/** What was measured: "2.004 s"; "3 of 4" for a sequence of states. */
export function measured(finding: Pick<Finding, 'relation' | 'measured' | 'bound' | 'unit'>): string {
  const write = (value: number | null): string => figure(value, finding.unit)
  const { measured: seen, bound: limit } = finding
  const value = seen !== null && limit !== null ? beside(seen, limit, write) : write(seen)
  return finding.relation === 'all' && finding.measured !== null ? `${value} of ${figure(finding.bound, finding.unit)}` : value
}

/** The bound with its direction: "< 300 ms", "≤ 1 s", "> 99 %", "all 4", "none". */
export function bound(finding: Pick<Finding, 'relation' | 'bound' | 'unit'>): string {
  if (finding.bound === null) return NOTHING
  const comparator = comparators[finding.relation]
  if (comparator === 'none' && finding.bound === 0) return 'none'
  return `${comparator} ${figure(finding.bound, finding.unit)}`
}

/** "1.64 s to 2.019 s": the confidence interval, an open end as "∞" or "0". */
export function interval(finding: Pick<Finding, 'interval' | 'unit'>): string | null {
  if (finding.interval === null) return null
  const [low, high] = finding.interval
  if (low === null && high === null) return null
  if (low === null) return `at most ${figure(high, finding.unit)}`
  if (high === null) return `at least ${figure(low, finding.unit)}`
  return `${figure(low, finding.unit)} to ${figure(high, finding.unit)}`
}

/** "outage · 10.0–20.0 s", or "whole run". */
export function windowText(window: Finding['window']): string {
  if (window === null) return 'whole run'
  const seconds = `${fixed(window.fromMs / 1000, 1)}–${fixed(window.toMs / 1000, 1)} s`
  return window.phases.length === 0 ? seconds : `${window.phases.join(', ')} · ${seconds}`
}

const comparators: Record<Relation, string> = { below: '<', at_most: '≤', above: '>', at_least: '≥', all: 'all', none: 'none' }
