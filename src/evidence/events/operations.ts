// One page of what the gateway lists of its long operations, asked for when the load was over.
import { defineJoined, flag, structure } from './event.ts'

export const operationStandings = ['processing', 'done', 'error'] as const
export type OperationStanding = (typeof operationStandings)[number]

/** The operation's id, and where it stands. */
export type OperationEntry = [id: string, standing: OperationStanding]

const known: ReadonlySet<unknown> = new Set(operationStandings)
const isEntry = (entry: unknown): boolean =>
  Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string' && known.has(entry[1])

export const operations = defineJoined({
  entries: structure<OperationEntry[]>((entries) => Array.isArray(entries) && entries.every(isEntry)),
  /** The last page: nothing is missing. */
  last: flag,
})
