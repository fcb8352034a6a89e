// A long operation as it is kept, and how it changes. Pure: time is a parameter.
//
//   processing ─▶ done
//       ├───────▶ error: its worker said so ─┐
//       └───────▶ error: it was stuck ───────┴─▶ processing again, as the next attempt
//
// A worker names the attempt that it works on: the report of one that was given up changes nothing.
import * as z from 'zod'
import type { Ms } from '../../../kernel/clock.ts'

const id = z.string().regex(/^[\x21-\x7e]{1,100}$/, 'must be of at most 100 printable ASCII characters without spaces')
const percent = z.number().min(0).max(100)
const reason = z.string().min(1).max(1000)

/** What a client asks for. */
export const operationTask = z.strictObject({
  /** What is done, such as `episode`. */
  kind: z.string().regex(/^[\w-]{1,64}$/, 'must be of at most 64 letters, digits, "_" and "-"'),
  /** The client's own name for it. Default: the request's id. */
  operation_id: id.optional(),
})

/** What a worker tells of the attempt that it works on. */
export const operationReport = z.discriminatedUnion('status', [
  z.strictObject({ attempt: z.int().min(1), status: z.literal('processing'), percent }),
  z.strictObject({ attempt: z.int().min(1), status: z.literal('done') }),
  z.strictObject({ attempt: z.int().min(1), status: z.literal('error'), reason }),
])

export type OperationReport = z.output<typeof operationReport>

export const operation = z.strictObject({
  operation_id: id,
  kind: z.string(),
  /** Whose it is, where users are told apart; `''` for nobody's. */
  user: z.string().exactOptional(),
  status: z.enum(['processing', 'done', 'error']),
  /** From 1. */
  attempt: z.int(),
  percent,
  /** Milliseconds since 1970. */
  created_at: z.number(),
  /** Of this attempt. */
  started_at: z.number(),
  updated_at: z.number(),
  error: z.strictObject({ class: z.enum(['failed', 'stuck']), reason }).optional(),
})

export type Operation = z.output<typeof operation>

export function begun(operationId: string, kind: string, now: Ms, user?: string): Operation {
  const times = { created_at: now, started_at: now, updated_at: now }
  return { operation_id: operationId, kind, ...(user !== undefined && { user }), status: 'processing', attempt: 1, percent: 0, ...times }
}

/** Undefined when the report is about an attempt that is over. One that is told twice is no other. */
export function afterReport(before: Operation, report: OperationReport, now: Ms): Operation | undefined {
  if (report.attempt !== before.attempt) return undefined
  if (before.status !== 'processing') return before.status === report.status && before.error?.class !== 'stuck' ? before : undefined
  if (report.status === 'processing') return { ...before, percent: report.percent, updated_at: now }
  if (report.status === 'done') return { ...before, status: 'done', percent: 100, updated_at: now }
  return { ...before, status: 'error', updated_at: now, error: { class: 'failed', reason: report.reason } }
}

/** Progress does not matter: what began so long ago should be over. */
export function isStuck({ status, started_at }: Pick<Operation, 'status' | 'started_at'>, stuckAfter: Ms, now: Ms): boolean {
  return status === 'processing' && now - started_at > stuckAfter
}

export function markedStuck(before: Operation, stuckAfter: Ms, now: Ms): Operation {
  const why = `processing for ${hours(now - before.started_at)} h, and at most ${hours(stuckAfter)} h are allowed`
  return { ...before, status: 'error', updated_at: now, error: { class: 'stuck', reason: why } }
}

/** Undefined unless it ended with an error. */
export function again(before: Operation, now: Ms): Operation | undefined {
  if (before.status !== 'error') return undefined
  const { error: _why, ...rest } = before
  return { ...rest, status: 'processing', attempt: before.attempt + 1, percent: 0, started_at: now, updated_at: now }
}

/** What clients see: the times as people read them, and not whose it is. */
export function operationView({ created_at, started_at, updated_at, error, user: _user, ...rest }: Operation) {
  const [created, started, updated] = [created_at, started_at, updated_at].map((at) => new Date(at).toISOString())
  return { ...rest, created_at: created, started_at: started, updated_at: updated, error: error ?? null }
}

/** With three digits that tell something: `2`, `0.0025`. */
export function hours(span: Ms): number {
  return Number((span / 3_600_000).toPrecision(3))
}
