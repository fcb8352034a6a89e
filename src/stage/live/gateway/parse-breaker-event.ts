// Reads one server-sent event as a breaker's transition. The stream may carry other events; they are ignored.
// A malformed transition is reported as `unreadable`: if it were skipped, the breaker would appear to have stayed closed.
import { alertEdges, alertSeverities, type BreakerState } from '../../../contract/breaker-events.ts'
import type { AlertEvent, TransitionEvent } from '../../../evidence/events.ts'
import type { Ms } from '../../../kernel/clock.ts'

export type ReadTransition =
  | { is: 'transition'; event: TransitionEvent }
  | { is: 'alert'; event: AlertEvent }
  | { is: 'unreadable'; why: string }
  /** `sequence`: of an event that is numbered in one row with the transitions. */
  | { is: 'other'; sequence?: number }

/** How far the stamp of an event may be from the time at which it is read. */
const CLOCK_SLACK: Ms = 1000
/** The gateway replays its past events within this time after a connection is made. */
const REPLAY_TIMEOUT: Ms = 2000

/** `data` was read at `now`, on a connection made at `connectedAt`. */
export function readTransition(data: string, now: Ms, connectedAt: Ms): ReadTransition {
  const parsed = parse(data)
  if (parsed === undefined) return data.trimStart().startsWith('{') ? unreadable(`not JSON: ${shortened(data)}`) : { is: 'other' }
  const { sequence, t, upstream, cause, failures, threshold } = parsed
  if (!('from' in parsed) && !('to' in parsed)) {
    const event = parsed['type'] === 'alert' && isTime(t, now, connectedAt) ? alertFrom(parsed, t) : undefined
    return event ? { is: 'alert', event } : { is: 'other', ...(parsed['type'] === 'alert' && isWhole(sequence) && { sequence }) }
  }
  if (!isWhole(sequence)) return unreadable(`sequence must be a whole number: ${shortened(data)}`)
  if (typeof upstream !== 'string' || upstream.length > MAX_WORD) return unreadable(`upstream must be a name: ${shortened(data)}`)
  const [from, to] = [stateOf(parsed['from']), stateOf(parsed['to'])]
  if (!from || !to) return unreadable(`from and to must be closed, open or half_open: ${shortened(data)}`)
  if (!isTime(t, now, connectedAt))
    return unreadable(`t must be milliseconds of the machine's monotonic clock (about ${Math.round(now)} now): ${shortened(data)}`)
  return {
    is: 'transition',
    event: {
      type: 'transition',
      t,
      upstream,
      from,
      to,
      cause: typeof cause === 'string' ? cause.slice(0, MAX_WORD) : 'unknown',
      sequence,
      ...(isFinite(failures) && { failures }),
      ...(isFinite(threshold) && { threshold }),
    },
  }
}

/** A stamp of the machine's clock that can be true. */
function isTime(t: unknown, now: Ms, connectedAt: Ms): t is Ms {
  return isFinite(t) && t <= now + CLOCK_SLACK && (now <= connectedAt + REPLAY_TIMEOUT || t >= connectedAt - CLOCK_SLACK)
}

/** Undefined for what is no alert of this contract: then nothing is known of the gateway's alerts but that there are some. */
function alertFrom({ sequence, rule, severity, edge, subject = '' }: Record<string, unknown>, t: Ms): AlertEvent | undefined {
  const [known, side] = [alertSeverities.find((each) => each === severity), alertEdges.find((each) => each === edge)]
  if (!isWhole(sequence) || typeof rule !== 'string' || typeof subject !== 'string' || !known || !side) return undefined
  return { type: 'alert', t, sequence, rule: rule.slice(0, MAX_WORD), severity: known, edge: side, subject: subject.slice(0, MAX_WORD) }
}

/** Longest name, and longest cause, that is kept. */
const MAX_WORD = 100

// A number in JSON may be too large for a number: 1e999 is read as Infinity, which JSON cannot write again.
const isFinite = (value: unknown): value is number => Number.isFinite(value)
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

const states: ReadonlyMap<string, BreakerState> = new Map([
  ['closed', 'closed'],
  ['open', 'open'],
  ['halfopen', 'half_open'],
])

/** A gateway may write HALF_OPEN, half-open or halfOpen. */
function stateOf(value: unknown): BreakerState | undefined {
  return typeof value === 'string' ? states.get(value.toLowerCase().replaceAll(/[^a-z]/g, '')) : undefined
}

function parse(data: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(data)
    // An object of any shape; each field is looked at before it is used.
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return undefined
  }
}

const unreadable = (why: string): ReadTransition => ({ is: 'unreadable', why })
const shortened = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text)
