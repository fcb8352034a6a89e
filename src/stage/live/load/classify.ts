// Classifies what became of a request. Most trusted is what the load generator saw itself, then what the gateway says
// (the reference gateway marks its answers), then the status. A foreign gateway gives nothing but the status.
import type { IncomingHttpHeaders } from 'node:http'
import { marks } from '../../../contract/headers.ts'
import { refusals } from '../../../contract/refusals.ts'
import { NOT_PARSED, type Outcome, errorOutcomes } from '../../../contract/outcome.ts'
import type { AnswerMeasures } from './answer-meter.ts'
import { errorText } from '../../../evidence/event-stream/error-text.ts'

/** How a request ended, as seen on the wire. `answer`: what was measured of as much of the answer as arrived. */
export type Ending = { answer?: AnswerMeasures } & (
  | { is: 'answered'; status: number; headers: IncomingHttpHeaders; json?: () => { value: unknown } | 'untold' }
  /** Refused, reset or cut short; `status` is 0 when no status line arrived. */
  | { is: 'broken'; status: number; code: string }
  /** We stopped waiting. */
  | { is: 'given_up'; status: number; code: GivenUp }
)

/** `client_timeout` after the plan's timeout, `halted` when the load was stopped. */
export type GivenUp = 'client_timeout' | 'halted'

export interface Classified {
  outcome: Outcome
  status: number
  /** Why, when the outcome is not ok and there is more to say than the status. */
  error?: string
}

/** By `x-gateway-error`. A `refused` request is the client's own error and is classified by its status. */
const byReason: ReadonlyMap<string, Outcome> = new Map(
  Object.entries(refusals).flatMap(([reason, { outcome }]) => (outcome === 'refused' ? [] : [[reason, outcome]])),
)

/** By status, for a gateway that does not say who made the answer. */
const byStatus: ReadonlyMap<number, Outcome> = new Map([
  [429, 'limited'],
  [504, 'timeout'],
] satisfies [number, Outcome][])

/** What a gateway may call an answer of 200 in `x-gateway-outcome`. Only the client knows of its own timeout. */
const namedErrors: ReadonlyMap<string, Outcome> = new Map(
  errorOutcomes.filter((name) => name !== 'client_timeout').map((name) => [name, name]),
)

/** `expected`: statuses that count as an answer although they are 400 or above. */
export function classify(ending: Ending, expected: readonly number[] = []): Classified {
  const { status } = ending
  if (ending.is === 'given_up') return { outcome: 'client_timeout', status, error: ending.code }
  // An answer of 200 is no success if its body never ended.
  if (ending.is === 'broken') return { outcome: 'connection_error', status, error: ending.code }

  const { headers, answer = {} } = ending
  const made = single(headers[marks.outcome])
  const mark = text(headers[marks.error])
  const reason = mark ?? text(headers[marks.fallbackReason])
  const why = reason === undefined ? {} : { error: reason }
  const good = status < 400 || expected.includes(status)
  // A fallback with the status of an error is classified by that error.
  if (good && (made === 'fallback' || headers[marks.fallback] !== undefined))
    return wrongInside(answer, status) ?? { outcome: 'fallback', status, ...why }
  const refused = reason === undefined ? undefined : byReason.get(reason)
  if (refused) return { outcome: refused, status, ...why }
  // An answer that calls itself an error is one, whatever its status.
  if (good && mark !== undefined) return { outcome: 'upstream_error', status, error: mark }
  // The gateway does not know which statuses the load expects: it may call an expected 404 an error.
  const named = status < 400 && made !== undefined ? namedErrors.get(made) : undefined
  if (named) return { outcome: named, status, ...why }
  if (good) return wrongInside(answer, status) ?? { outcome: 'ok', status }
  // A gateway that marks its own answers and not this one has passed on the upstream's: this 429 is no limit of the gateway.
  const blamed = made === undefined ? byStatus.get(status) : undefined
  return { outcome: blamed ?? 'upstream_error', status, ...why }
}

/** What is wrong with the body of an answer whose head says that nothing is wrong. */
function wrongInside({ parses, streamCut, streamError }: AnswerMeasures, status: number): Classified | undefined {
  if (streamError !== undefined) return { outcome: 'upstream_error', status, error: streamError }
  if (parses === false) return { outcome: 'damaged', status, error: NOT_PARSED }
  if (streamCut) return { outcome: 'damaged', status, error: 'event_cut' }
  return undefined
}

const single = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value)

function text(header: string | string[] | undefined): string | undefined {
  const told = single(header)
  return told === undefined ? undefined : errorText(told)
}
