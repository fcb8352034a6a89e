// Which streams a criterion is about: answers of one upstream's routes that were streams of events at least once in the run.
import type { StreamCell } from '../../evidence/tallies/streams.ts'
import type { Case } from '../finding/raw-finding.ts'

/** As a criterion's data says it. */
export interface StreamScope {
  upstream: string
  during?: string[]
}

export function streamsIn({ evidence }: Case, { upstream, phases }: { upstream: string; phases: readonly string[] }): StreamCell[] {
  const streaming = new Set(evidence.streams.filter(({ streams }) => streams > 0).map(({ route }) => route))
  return evidence.streams.filter((cell) => streaming.has(cell.route) && cell.reaches.includes(upstream) && phases.includes(cell.phase))
}

export const sumOf = (cells: readonly StreamCell[], count: (cell: StreamCell) => number): number =>
  cells.reduce((total, cell) => total + count(cell), 0)

export const noStreams = (upstream: string): string =>
  `no answer on a route of ${upstream} was a stream of events; add such a route to the load`
