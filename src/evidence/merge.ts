// Evidence of parts of one run, such as of several load generators, as if one fold had seen all of their lines; and of several runs.
import { GatecrashError } from '../kernel/errors.ts'
import type { Evidence } from './evidence.ts'
import type { AnswerCell, ArrivalCell, OwnCalls } from './fold/arrivals.ts'
import type { AttemptCell } from './fold/attempts.ts'
import { addCounts } from './fold/counting/count-list.ts'
import { type FallbackCell, mergeFallbacks } from './fold/fallbacks.ts'
import { mergeSaturated } from './events/saturation.ts'
import type { RequestCell } from './fold/requests.ts'
import { mergeOperations } from './fold/operations.ts'
import { type RetryCell, mergeRetries } from './fold/retries.ts'
import type { Flow } from './flow.ts'
import type { Latencies } from './latency-histogram.ts'
import { mergeLatencies } from './merge-latencies.ts'
import { mergeTraceTallied } from './tallies/tallies.ts'
import type { Series } from './time-series.ts'
import { mergeWebhooks } from './fold/webhooks.ts'

/**
 * What one part alone can have seen (phases, faults, transitions, health, processes, notes, the end) is the first part's: its journal
 * is the conductor's. All that is counted adds up.
 * @throws GatecrashError `invalid_bundle` for parts of different runs, or none
 */
export function mergeEvidence(parts: readonly Evidence[]): Evidence {
  const [first, ...others] = parts
  if (!first) throw new GatecrashError('invalid_bundle', 'there is no evidence to merge')
  const other = others.find(({ run }) => run.id !== first.run.id)
  if (other) throw new GatecrashError('invalid_bundle', `evidence of two runs, ${first.run.id} and ${other.run.id}, cannot be merged`)
  return added(first, parts)
}

/**
 * Evidence of several runs of one scenario, for what is counted by phase and route. What happened at a time (transitions, faults, notes)
 * is the first run's: times of different runs do not mix.
 */
export function poolEvidence(runs: readonly [Evidence, ...Evidence[]]): Evidence {
  return {
    ...added(runs[0], runs),
    planned: grouped(
      runs,
      ({ planned }) => planned,
      ({ phase, route }) => JSON.stringify([phase, route]),
      (a, b) => ({ ...a, requests: a.requests + b.requests }),
    ),
    health: runs.flatMap(({ health }) => health),
    saturation: grouped(
      runs,
      ({ saturation }) => saturation,
      ({ phase }) => phase,
      mergeSaturated,
    ),
  }
}

function added(first: Evidence, parts: readonly Evidence[]): Evidence {
  return {
    ...first,
    end: { ...first.end, atMs: Math.max(...parts.map(({ end }) => end.atMs)) },
    requests: grouped(parts, ({ requests }) => requests, requestKey, mergeRequests),
    attempts: grouped(parts, ({ attempts }) => attempts, attemptKey, mergeAttempts),
    retries: grouped(parts, ({ retries }) => retries, attemptKey, mergeRetries),
    // An upstream's answers are in one part's journal.
    clientErrors: parts.flatMap(({ clientErrors }) => clientErrors).toSorted((a, b) => a.fromMs - b.fromMs),
    fallbacks: grouped(parts, ({ fallbacks }) => fallbacks, routeKey, mergeFallbacks),
    arrivals: grouped(parts, ({ arrivals }) => arrivals, arrivalKey, mergeArrivals),
    answers: grouped(parts, ({ answers }) => answers, answerKey, mergeAnswers),
    own: grouped(
      parts,
      ({ own }) => own,
      ownKey,
      (a, b) => ({ ...a, count: a.count + b.count }),
    ),
    webhooks: mergeWebhooks(parts.map(({ webhooks }) => webhooks)),
    operations: mergeOperations(parts.map(({ operations }) => operations)),
    lateness: mergeRecords(
      parts.map(({ lateness }) => lateness),
      (a, b) => mergeLatencies([a, b]),
    ),
    load: parts.map(({ load }) => load).reduce((a, b) => (a && b ? addLoads(a, b) : (a ?? b))),
    series: parts.map(({ series }) => series).reduce(mergeSeries),
    flow: grouped(
      parts,
      ({ flow }) => flow,
      ({ upstream }) => upstream,
      mergeFlows,
    ),
    sample: parts.flatMap(({ sample }) => sample),
    ...mergeTraceTallied(parts),
  }
}

const requestKey = ({ phase, route, outcome }: RequestCell): string => JSON.stringify([phase, route, outcome])
const routeKey = ({ phase, route }: FallbackCell): string => JSON.stringify([phase, route])
const attemptKey = ({ phase, route, upstream }: AttemptCell | RetryCell): string => JSON.stringify([phase, route, upstream])
const arrivalKey = ({ phase, upstream, route, method, idempotent }: ArrivalCell): string =>
  JSON.stringify([phase, upstream, route, method, idempotent])
const answerKey = ({ phase, upstream }: AnswerCell): string => JSON.stringify([phase, upstream])
const ownKey = ({ upstream, route }: OwnCalls): string => JSON.stringify([upstream, route])

function grouped<Cell>(
  parts: readonly Evidence[],
  cellsOf: (part: Evidence) => readonly Cell[],
  keyOf: (cell: Cell) => string,
  merge: (a: Cell, b: Cell) => Cell,
): Cell[] {
  const cells = new Map<string, Cell>()
  for (const part of parts)
    for (const cell of cellsOf(part)) {
      const known = cells.get(keyOf(cell))
      cells.set(keyOf(cell), known === undefined ? cell : merge(known, cell))
    }
  return [...cells.values()]
}

function mergeRequests(a: RequestCell, b: RequestCell): RequestCell {
  return {
    ...a,
    count: a.count + b.count,
    latency: mergeLatencies([a.latency, b.latency]),
    service: mergeLatencies([a.service, b.service]),
    errors: addRecords(a.errors, b.errors),
    standing: addRecords(a.standing, b.standing),
    bodies: addRecords(a.bodies, b.bodies),
    completed: a.completed + b.completed,
    streamErrors: a.streamErrors + b.streamErrors,
  }
}

function mergeAttempts(a: AttemptCell, b: AttemptCell): AttemptCell {
  const [first] = [a.unsafe.first, b.unsafe.first].filter((each) => each !== null).toSorted((one, two) => one.atMs - two.atMs)
  return {
    ...a,
    byAttempts: addCounts(a.byAttempts, b.byAttempts),
    byHeads: addCounts(a.byHeads, b.byHeads),
    byTime: a.byTime + b.byTime,
    late: a.late + b.late,
    unsafe: { requests: a.unsafe.requests + b.unsafe.requests, repeats: a.unsafe.repeats + b.unsafe.repeats, first: first ?? null },
  }
}

function mergeArrivals(a: ArrivalCell, b: ArrivalCell): ArrivalCell {
  const [firstRepeat] = [a.firstRepeat, b.firstRepeat].filter((each) => each !== null).toSorted((one, two) => one.atMs - two.atMs)
  return {
    ...a,
    count: a.count + b.count,
    byAttempt: addCounts(a.byAttempt, b.byAttempt),
    firstRepeat: firstRepeat ?? null,
    mostConcurrent: Math.max(a.mostConcurrent, b.mostConcurrent),
  }
}

const mergeAnswers = (a: AnswerCell, b: AnswerCell): AnswerCell => ({ ...a, ended: a.ended + b.ended, good: a.good + b.good })

function mergeSeries(a: Series, b: Series): Series {
  const lists = (x: number[], y: number[]): number[] => addCounts(x, y)
  return {
    ...a,
    latencies: mergeRecords([a.latencies, b.latencies], (x, y) => mergeRecords([x, y], mergeBuckets)),
    arrivals: mergeRecords([a.arrivals, b.arrivals], lists),
    origins: mergeRecords([a.origins, b.origins], (x, y) =>
      Array.from({ length: Math.max(x.length, y.length) }, (_, tick) => addPairs(x[tick] ?? [], y[tick] ?? [])),
    ),
  }
}

/** An upstream's arrivals are in one part's journal: wakes of two parts are never of one stretch. */
function mergeFlows(a: Flow, b: Flow): Flow {
  return {
    upstream: a.upstream,
    asked: addCounts(a.asked, b.asked),
    tried: addCounts(a.tried, b.tried),
    kept: addCounts(a.kept, b.kept),
    elsewhere: addCounts(a.elsewhere, b.elsewhere),
    keptLatencies: mergeBuckets(a.keptLatencies, b.keptLatencies),
    postponed: addCounts(a.postponed, b.postponed),
    triedByRoute: mergeRecords([a.triedByRoute, b.triedByRoute], addCounts),
    departed: addCounts(a.departed, b.departed),
    failed: addCounts(a.failed, b.failed),
    heads: { known: addCounts(a.heads.known, b.heads.known), unknown: addCounts(a.heads.unknown, b.heads.unknown) },
    waiting: addCounts(a.waiting, b.waiting),
    wakes: [...a.wakes, ...b.wakes].toSorted((one, two) => one.arrivedMs[0]! - two.arrivedMs[0]!),
  }
}

function mergeBuckets(a: (Latencies | null)[], b: (Latencies | null)[]): (Latencies | null)[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, at) => {
    const both = [a[at], b[at]].filter((part) => part !== undefined && part !== null)
    return both.length === 0 ? null : mergeLatencies(both)
  })
}

function addPairs(a: readonly number[], b: readonly number[]): number[] {
  const counts = new Map<number, number>()
  for (const pairs of [a, b])
    for (let at = 0; at < pairs.length; at += 2) counts.set(pairs[at]!, (counts.get(pairs[at]!) ?? 0) + pairs[at + 1]!)
  return [...counts].flat()
}

function addLoads(a: NonNullable<Evidence['load']>, b: NonNullable<Evidence['load']>): NonNullable<Evidence['load']> {
  return { due: a.due + b.due, sent: a.sent + b.sent, ended: a.ended + b.ended, mostInFlight: a.mostInFlight + b.mostInFlight }
}

const addRecords = <Names extends string>(a: Record<Names, number>, b: Record<Names, number>): Record<Names, number> =>
  mergeRecords([a, b], (x, y) => x + y)

/** By key; a key that one part alone has keeps its value. Entries, not assignments: a name from outside may be `__proto__`. */
function mergeRecords<Names extends string, Value>(
  records: readonly Partial<Record<Names, Value>>[],
  merge: (a: Value, b: Value) => Value,
): Record<Names, Value> {
  const merged = new Map<string, Value>()
  for (const record of records)
    for (const [name, value] of Object.entries<Value>(record as Record<string, Value>)) {
      const known = merged.get(name)
      merged.set(name, known === undefined ? value : merge(known, value))
    }
  return Object.fromEntries(merged) as Record<Names, Value>
}
