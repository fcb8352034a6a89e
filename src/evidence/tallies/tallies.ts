// All tallies over traces, in one table. A new one is a file of the contract's shape (trace-tally.ts) and a line here.
import type { ArrivalEvent, DepartureEvent } from '../events.ts'
import type { Trace } from '../trace.ts'
import { bodies } from './bodies.ts'
import { carried } from './carried.ts'
import { concurrency } from './concurrency.ts'
import { effects } from './effects.ts'
import { failures } from './failures.ts'
import { identities } from './identities.ts'
import { pace } from './pace.ts'
import { streams } from './streams.ts'
import type { TallyPlace, TraceTallyType } from './trace-tally.ts'
import { upstreamWork } from './upstream-work.ts'

export const traceTallies = [streams, upstreamWork, concurrency, pace, bodies, identities, carried, failures, effects] as const

type CellOf<Type> = Type extends TraceTallyType<string, infer Cell> ? Cell : never

/** What they leave in the evidence, by name. */
export type TraceTallied = { [Type in (typeof traceTallies)[number] as Type['evidence']]: CellOf<Type>[] }

export interface OpenTallies {
  trace(trace: Trace): void
  arrival(event: ArrivalEvent): void
  departure(event: DepartureEvent): void
  /** Undefined where a tally was not wanted. */
  result(): { [Name in keyof TraceTallied]: TraceTallied[Name] | undefined }
}

// Each type takes cells of its own alone; a list of them forgets which.
const all = traceTallies as readonly TraceTallyType<string, unknown>[]

/** `wanted`: the names of those that count. */
export function openTraceTallies(place: TallyPlace, wanted: ReadonlySet<string>): OpenTallies {
  const open = all.filter(({ evidence }) => wanted.has(evidence)).map((type) => Object.assign({ name: type.evidence }, type.open(place)))
  const [traced, arrivals, departures] = [
    open.flatMap(({ trace }) => trace ?? []),
    open.flatMap(({ arrival }) => arrival ?? []),
    open.flatMap(({ departure }) => departure ?? []),
  ]
  return {
    trace: (trace) => {
      for (const take of traced) take(trace)
    },
    arrival: (event) => {
      for (const take of arrivals) take(event)
    },
    departure: (event) => {
      for (const take of departures) take(event)
    },
    result() {
      const results = new Map(open.map(({ name, result }) => [name, result()]))
      // Every tally has its name in the type.
      return Object.fromEntries(all.map(({ evidence }) => [evidence, results.get(evidence)])) as ReturnType<OpenTallies['result']>
    },
  }
}

/** As if one fold had seen the lines of all parts. */
export function mergeTraceTallied(parts: readonly TraceTallied[]): TraceTallied {
  const merged = all.map(({ evidence, key, merge }) => {
    const cells = new Map<string, unknown>()
    for (const part of parts)
      for (const cell of part[evidence as keyof TraceTallied]) {
        const known = cells.get(key(cell))
        cells.set(key(cell), known === undefined ? cell : merge(known, cell))
      }
    return [evidence, [...cells.values()]]
  })
  return Object.fromEntries(merged) as TraceTallied
}
