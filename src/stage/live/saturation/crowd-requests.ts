// What a crowd asks for: the load's own mix, drawn once and asked again and again, each time under an id of its own.
import type autocannon from 'autocannon'
import { IDEMPOTENCY_KEY, REQUEST_ID } from '../../../contract/headers.ts'
import { crowdOf, requestId } from '../../../evidence/request-id.ts'
import { arrivals } from '../../../plan/arrivals.ts'
import { composer } from '../load/compose.ts'
import type { LoadPlan } from '../load/generator.ts'

interface CrowdRequest {
  method: Method
  path: string
  headers: Record<string, string>
  body?: string
}

export interface CrowdRequests {
  /** The next one. Connections share the list. */
  request(): CrowdRequest
  /** Statuses that count as ok for every request of the mix, beside those below 400. */
  expected(): readonly number[]
}

type Method = NonNullable<autocannon.Request['method']>

const DRAWN = 1000

/** Routes of the mix that are sent in `phase`, by their weights. `run`: what request ids of the run start with. */
export function crowdRequests({ load, seed }: LoadPlan, run: string, phase: string): CrowdRequests {
  const span = { startMs: 0, endMs: 1000 }
  const mix = load.mix.filter(({ probe, during }) => !probe && (during?.includes(phase) ?? true))
  const rate = [{ fromMs: span.startMs, toMs: span.endMs, startPerSecond: DRAWN, endPerSecond: DRAWN }]
  const ids = crowdOf(run)
  const compose = composer({ mix }, ids)
  const drawn = [
    ...arrivals({
      seed,
      load: { ...load, arrivals: 'constant', rate, mix },
      phases: [{ name: phase, ...span, warmUp: false, expected: 0 }],
    }),
  ].map(compose)
  const expected = [...new Set(mix.flatMap(({ expectedStatuses = [] }) => expectedStatuses))]
  let ordinal = 0
  return {
    expected: () => expected,
    request() {
      const { method, path, headers, body } = drawn[ordinal % drawn.length]!
      const id = requestId(ids, ordinal++)
      const named = Object.fromEntries(Array.from({ length: headers.length >> 1 }, (_, at) => [headers[2 * at]!, headers[2 * at + 1]!]))
      const key = IDEMPOTENCY_KEY in named && { [IDEMPOTENCY_KEY]: id }
      // Methods are checked when the scenario is planned; Node knows more of them than the types.
      return { method: method as Method, path, headers: { ...named, [REQUEST_ID]: id, ...key }, ...(body !== null && { body }) }
    },
  }
}
