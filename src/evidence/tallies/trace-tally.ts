// What one kind of question counts over traces: a file of this shape in this folder, and its line in tallies.ts. Its cells stand in
// the evidence under its name. Their number depends on the plan, and each holds counts that add up.
import type { Ms } from '../../kernel/clock.ts'
import type { Plan } from '../../plan/plan.ts'
import type { ArrivalEvent, DepartureEvent } from '../events.ts'
import type { Trace } from '../trace.ts'

export interface TraceTally<Cell> {
  /** A request that is over, with all that was seen of it. */
  trace?: (trace: Trace) => void
  /** One at an upstream, in order of time. Calls of the gateway's own are not told. */
  arrival?: (event: ArrivalEvent) => void
  departure?: (event: DepartureEvent) => void
  result: () => Cell[]
}

export interface TallyPlace {
  plan: Plan
  /** Monotonic time of load start. */
  origin: Ms
  /** The latest time that any line has told of. */
  now: () => Ms
}

export interface TraceTallyType<Name extends string, Cell> {
  evidence: Name
  open: (place: TallyPlace) => TraceTally<Cell>
  /** Cells of two parts of one run with equal keys are one. */
  key: (cell: Cell) => string
  merge: (a: Cell, b: Cell) => Cell
}

export function traceTally<const Name extends string, Cell>(type: TraceTallyType<Name, Cell>): TraceTallyType<Name, Cell> {
  return type
}

/** One that was seen, for people: the earliest of its kind. */
export interface Seen {
  request: string
  /** Since load start. */
  atMs: Ms
  what: string
}

export function earliest(a: Seen | null, b: Seen | null): Seen | null {
  if (a === null || b === null) return a ?? b
  return b.atMs < a.atMs ? b : a
}
