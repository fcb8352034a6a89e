// Work at an upstream that goes on when its client's request is over: the client left, or was answered without it.
//
//   client     sent ────────▶ left
//   upstream      arrived ─────────────▶ departed
//                             └ outlived ┘
import type { Ms } from '../../kernel/clock.ts'
import { CountTable } from '../fold/count-table.ts'
import { type Latencies, SparseLatencyRecorder, mergeLatencies } from '../latency-histogram.ts'
import { type Seen, traceTally } from './trace-tally.ts'

export interface UpstreamWorkCell {
  /** The phase in which the requests were due. */
  phase: string
  upstream: string
  /** Attempts that were under way when their client's request ended: how long they went on. Those that never ended count until the last line. */
  outlived: Latencies
  /** Attempts that began after it had ended: how long after. */
  begunAfter: Latencies
  /** The one that went on longest. */
  longest: (Seen & { lastedMs: Ms }) | null
}

type Counting = Omit<UpstreamWorkCell, 'outlived' | 'begunAfter'> & { outlived: SparseLatencyRecorder; begunAfter: SparseLatencyRecorder }

/** A fake hears of the end of its answer a little after the client does. */
const AT_ONCE: Ms = 20

export const upstreamWork = traceTally<'upstreamWork', UpstreamWorkCell>({
  evidence: 'upstreamWork',
  open({ plan, origin, now }) {
    const upstreams = Object.keys(plan.upstreams)
    const places = new Map(upstreams.map((name, at) => [name, at]))
    const cells = new CountTable<Counting>([plan.phases.length, upstreams.length], (phase = 0, upstream = 0) => ({
      phase: plan.phases[phase]?.name ?? '',
      upstream: upstreams[upstream]!,
      outlived: new SparseLatencyRecorder(3),
      begunAfter: new SparseLatencyRecorder(3),
      longest: null,
    }))
    return {
      trace({ request, phase, attempts }) {
        if (!request) return
        for (const { arrival, departure } of attempts) {
          const place = places.get(arrival.upstream)
          if (place === undefined) continue
          const endedAt = departure?.t ?? now()
          // A client that left while an answer was under way is a sample however soon the work ended.
          const wasUnderWay = arrival.t <= request.t && (departure === undefined || departure.clientGone || endedAt > request.t + AT_ONCE)
          if (arrival.t <= request.t && !wasUnderWay) continue
          // What the gateway gave up before its client's request was over has ended in time.
          if (endedAt < request.t) continue
          const cell = cells.at(phase, place)
          if (wasUnderWay) cell.outlived.record(endedAt - request.t)
          else cell.begunAfter.record(arrival.t - request.t)
          const lastedMs = endedAt - request.t
          if (cell.longest === null || lastedMs > cell.longest.lastedMs)
            cell.longest = { request: request.id, atMs: request.t - origin, what: wasUnderWay ? 'went on' : 'began', lastedMs }
        }
      },
      result: () =>
        cells.all().map((cell) => Object.assign({}, cell, { outlived: cell.outlived.result(), begunAfter: cell.begunAfter.result() })),
    }
  },
  key: ({ phase, upstream }) => JSON.stringify([phase, upstream]),
  merge: (a, b) => ({
    ...a,
    outlived: mergeLatencies([a.outlived, b.outlived]),
    begunAfter: mergeLatencies([a.begunAfter, b.begunAfter]),
    longest: (a.longest?.lastedMs ?? -1) >= (b.longest?.lastedMs ?? -1) ? a.longest : b.longest,
  }),
})
