// Work at an upstream that goes on when its client's request is over: the client left, or was answered without it.
//
//   client     sent ────────▶ left
//   upstream      arrived ─────────────▶ departed
//                             └ outlived ┘
import type { Ms } from '../../kernel/clock.ts'
import { CountTable } from '../fold/counting/count-table.ts'
import { type Latencies, LatencyRecorder } from '../latency-histogram.ts'
import { mergeLatencies } from '../merge-latencies.ts'
import { wasHalted } from '../trace.ts'
import { traceTally } from './trace-tally.ts'

export interface UpstreamWorkCell {
  /** The phase in which the requests were due. */
  phase: string
  upstream: string
  /**
   * Attempts that were under way when their client's request ended, or began later: from that end to theirs. Those that never ended
   * count until the last line.
   */
  outlived: Latencies
  /** The one that went on longest. */
  longest: { request: string; endedMs: Ms; lastedMs: Ms } | null
}

type Counting = Omit<UpstreamWorkCell, 'outlived'> & { outlived: LatencyRecorder }

/** A fake hears of the end of its answer a little after the client does. */
const AT_ONCE: Ms = 100

export const upstreamWork = traceTally<'upstreamWork', UpstreamWorkCell>({
  evidence: 'upstreamWork',
  open({ plan, origin, now }) {
    const upstreams = Object.keys(plan.upstreams)
    const places = new Map(upstreams.map((name, at) => [name, at]))
    const cells = new CountTable<Counting>([plan.phases.length, upstreams.length], (phase = 0, upstream = 0) => ({
      phase: plan.phases[phase]?.name ?? '',
      upstream: upstreams[upstream]!,
      outlived: new LatencyRecorder(),
      longest: null,
    }))
    return {
      trace({ request, phase, attempts }) {
        // How long an attempt outlives a stopped run says how the harness ended it.
        if (!request || wasHalted(request)) return
        for (const { arrival, departure } of attempts) {
          const place = places.get(arrival.upstream)
          const lastedMs = (departure?.t ?? now()) - request.t
          // What ended before the request did was never a burden. An answer that was given to its end is over at once for both.
          const wasCut = departure === undefined || departure.clientGone
          if (place === undefined || lastedMs < 0 || (!wasCut && lastedMs <= AT_ONCE)) continue
          const cell = cells.at(phase, place)
          cell.outlived.record(lastedMs)
          if (cell.longest === null || lastedMs > cell.longest.lastedMs)
            cell.longest = { request: request.id, endedMs: request.t - origin, lastedMs }
        }
      },
      result: () => cells.all().map((cell) => Object.assign({}, cell, { outlived: cell.outlived.result() })),
    }
  },
  key: ({ phase, upstream }) => JSON.stringify([phase, upstream]),
  merge: (a, b) => ({
    ...a,
    outlived: mergeLatencies([a.outlived, b.outlived]),
    longest: (a.longest?.lastedMs ?? -1) >= (b.longest?.lastedMs ?? -1) ? a.longest : b.longest,
  }),
})
