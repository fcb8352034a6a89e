// Which parts of the evidence a fold counts. Who folds the same events many times counts what is read alone, and whoever reads another
// part gets it all the same: from a fold of everything.
//
//   fold, wanted: requests, flow ──▶ evidence.flow     counted
//                                    evidence.pace     read: fold again, everything
import { GatecrashError } from '../../kernel/errors.ts'
import type { Evidence } from '../evidence.ts'
import { type TraceTallied, traceTallies } from '../tallies/tallies.ts'

// Nothing else in the evidence depends on them.
const separate = ['requests', 'attempts', 'retries', 'fallbacks', 'clientErrors', 'lateness', 'series', 'flow', 'sample'] as const

/** A part that can be left out. */
export type Part = (typeof separate)[number] | keyof TraceTallied

const parts: readonly Part[] = [...separate, ...traceTallies.map(({ evidence }) => evidence)]

export interface Wanted {
  parts: ReadonlySet<Part>
  /** Gives a part that was left out, whenever it is read. */
  rest: <Name extends Part>(name: Name) => Evidence[Name]
}

export const everything: Wanted = {
  parts: new Set(parts),
  rest(name) {
    throw new GatecrashError('internal', `${name} was left out of all evidence`)
  },
}

/** Evidence as far as it was counted. */
export type Counted = Omit<Evidence, Part> & { [Name in Part]: Evidence[Name] | undefined }

/** All evidence: what was not counted is fetched when it is read. */
export function completed(counted: Counted, { parts: wanted, rest }: Wanted): Evidence {
  for (const name of parts)
    if (!wanted.has(name)) Object.defineProperty(counted, name, { get: () => rest(name), enumerable: true, configurable: true })
  // Every part that is undefined has become a getter.
  return counted as Evidence
}
