// What clients were answered in place of a good answer: which outcome, status and error, of which route, in which phase, how often, when.
import type { Outcome } from '../../contract/outcome.ts'
import type { Ms } from '../../kernel/clock.ts'
import { traceTally } from './trace-tally.ts'

export interface FailureCell {
  /** The phase in which the requests were due. */
  phase: string
  route: string
  /** Any but `ok`. A fallback is no error, and no answer of the upstream. */
  outcome: Outcome
  /** 0 where no status line arrived, and where errors of several kinds are counted together. */
  status: number
  /** `x-gateway-error`, or the client's own error code, cut to 80 characters; empty where there was none. */
  error: string
  count: number
  /** When the first and the last of them were due, since load start. */
  firstMs: Ms
  lastMs: Ms
}

/** The error of those that are counted together. */
export const OTHERS = 'others'

// An error text with an id or a port in it would make every request a kind of its own.
export const MAX_KINDS = 30
const MAX_ERROR = 80

export const failures = traceTally<'failures', FailureCell>({
  evidence: 'failures',
  open({ plan, origin }) {
    const routes = plan.load.mix.length
    /** By place of phase and route. */
    const places: (Map<string, FailureCell> | undefined)[] = []
    return {
      trace({ request, phase, route }) {
        if (!request || request.outcome === 'ok') return
        const kinds = (places[phase * routes + route] ??= new Map<string, FailureCell>())
        const error = (request.error ?? '').slice(0, MAX_ERROR)
        const { outcome, status } = request
        const own = kindOf(outcome, status, error)
        const isKept = kinds.has(own) || kinds.size < MAX_KINDS
        const key = isKept ? own : kindOf(outcome, 0, OTHERS)
        const dueMs = request.due - origin
        const known = kinds.get(key)
        if (known) {
          known.count++
          known.firstMs = Math.min(known.firstMs, dueMs)
          known.lastMs = Math.max(known.lastMs, dueMs)
          return
        }
        const name = plan.phases[phase]?.name ?? ''
        const kind = isKept ? { outcome, status, error } : { outcome, status: 0, error: OTHERS }
        kinds.set(key, { phase: name, route: request.route, ...kind, count: 1, firstMs: dueMs, lastMs: dueMs })
      },
      result: () =>
        places.flatMap((kinds) => [...(kinds?.entries() ?? [])].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell)),
    }
  },
  key: ({ phase, route, outcome, status, error }) => JSON.stringify([phase, route, outcome, status, error]),
  merge: (a, b) => ({
    ...a,
    count: a.count + b.count,
    firstMs: Math.min(a.firstMs, b.firstMs),
    lastMs: Math.max(a.lastMs, b.lastMs),
  }),
})

const kindOf = (outcome: Outcome, status: number, error: string): string => `${outcome} ${status} ${error}`
