// Examples of criteria of operations: gemini.generate stands for the route that accepts them, and gemini works on a few of them.
import { keyHash } from '../../../src/contract/key-hash.ts'
import type { operationCriteria } from '../../../src/criteria/operations/operations.ts'
import type { OperationEntry, OperationStanding } from '../../../src/evidence/events/operations.ts'
import type { JournalEvent } from '../../../src/evidence/events.ts'
import { requestId } from '../../../src/evidence/request-id.ts'
import { END, type Story, ok } from '../../judge/history.ts'
import type { Examples } from './example.ts'

const route = 'gemini.generate'
/** More than the load of a story has. */
const MOST = 5000

interface Told {
  /** Of the request with this index; undefined: it is in no list. */
  standing: (index: number) => OperationStanding | undefined
  /** Work on the operation of this index: when it arrived, and whether somebody heard its answer. */
  work?: [index: number, atMs: number, clientGone?: boolean][]
  isListed?: boolean
}

const idOf = (index: number): string => requestId('r7', index)

export function told({ standing, work = [], isListed = true }: Told): Story {
  const entries = Array.from({ length: MOST }, (_, index): OperationEntry[] => {
    const where = standing(index)
    return where === undefined ? [] : [[idOf(index), where]]
  }).flat()
  const also: JournalEvent[] = work.flatMap(([index, t, clientGone = false], at) => {
    const ordinal = 1_000_000 + at
    return [
      {
        type: 'arrival',
        t,
        upstream: 'gemini',
        ordinal,
        request: '',
        attempt: 0,
        concurrent: 1,
        route: 'produce',
        method: 'POST',
        idempotent: true,
        key: keyHash(idOf(index)),
        bodyHash: '',
      },
      { type: 'departure', t: t + 30, upstream: 'gemini', ordinal, status: 200, clientGone, whole: true, length: 0 },
    ] satisfies JournalEvent[]
  })
  if (isListed) {
    const half = entries.length / 2
    also.push({ type: 'operations', t: END + 50, entries: entries.slice(0, half), last: false })
    also.push({ type: 'operations', t: END + 60, entries: entries.slice(half), last: true })
  }
  return { gemini: () => ({ ...ok, client: { status: 201 } }), breaker: [], also }
}

/** Two are done, every second of the others failed, and the rest is under way. */
const standing = (index: number): OperationStanding => (index < 2 ? 'done' : index % 2 === 0 ? 'processing' : 'error')
const well: Told = {
  standing,
  // Of the first the gateway heard nothing, and asked again.
  work: [
    [0, 3000, true],
    [0, 4000],
    [1, 3100],
  ],
}

export const operationExamples = (): Examples<keyof typeof operationCriteria> => ({
  operations_conserved: {
    criterion: { kind: 'operations_conserved', route, doneBy: 'gemini', pendingAtMost: 900, failedAtMost: 900 },
    pass: told(well),
    fail: {
      lost: told({ ...well, standing: (index) => (index % 50 === 2 ? undefined : standing(index)) }),
      // The list says so, and the upstream does not.
      made_up: told({ ...well, standing: (index) => (index === 3 ? 'done' : standing(index)) }),
      done_twice: told({ ...well, work: [...well.work!, [1, 5000]] }),
      left_failed: told({ ...well, standing: (index) => (index < 2 ? 'done' : 'error') }),
      left_waiting: told({ ...well, standing: (index) => (index < 2 ? 'done' : 'processing') }),
    },
    inconclusive: { no_samples: told({ ...well, isListed: false }) },
  },
})
