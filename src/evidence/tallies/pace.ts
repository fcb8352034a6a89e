// How fast requests came at an upstream: for each number of them the shortest time in which so many arrived. The clients' requests and
// their retries alone: a gateway's own calls are its own affair.
//
//   ──x──x────────x─▶      shortestMs[2]: between the first two      shortestMs[3]: between the first and the third
import type { Ms } from '../../kernel/clock.ts'
import { traceTally } from './trace-tally.ts'

export interface PaceCell {
  /** The phase in which the last of them arrived. The first may have come in an earlier one. */
  phase: string
  upstream: string
  /** shortestMs[n]: from the first to the last of n that came closest together. Places 0 and 1 say nothing. */
  shortestMs: Ms[]
}

/** Faster paces cannot be told apart. Each arrival is compared with so many before it. */
export const MOST_PACED = 256

/** How many numbers are left out at once. */
const FEW = 15

interface Recent {
  /** Ring of the last arrivals, twice, so that those before any one stand in one stretch. */
  times: Float64Array
  count: number
  byPhase: PaceCell[]
}

export const pace = traceTally<'pace', PaceCell>({
  evidence: 'pace',
  open({ plan, origin }) {
    const upstreams = new Map<string, Recent>()
    const phaseAt = (atMs: Ms): number => {
      const found = plan.phases.findIndex(({ endMs }) => atMs < endMs)
      return found === -1 ? plan.phases.length - 1 : found
    }
    return {
      arrival({ upstream, t }) {
        let recent = upstreams.get(upstream)
        if (!recent) upstreams.set(upstream, (recent = { times: new Float64Array(2 * MOST_PACED), count: 0, byPhase: [] }))
        const { times, count, byPhase } = recent
        const at = phaseAt(t - origin)
        const { shortestMs } = (byPhase[at] ??= { phase: plan.phases[at]?.name ?? '', upstream, shortestMs: [0, 0] })
        const place = count % MOST_PACED
        times[place] = t
        times[place + MOST_PACED] = t
        recent.count++
        const last = place + MOST_PACED
        const most = Math.min(count + 1, MOST_PACED)
        for (let n = 2; n <= most; n++) {
          const spanMs = t - times[last - n + 1]!
          // More take longer: where these took no less than the shortest of a few more, none of those few is shorter.
          const few = n + FEW
          if (few <= most && few < shortestMs.length && spanMs >= shortestMs[few]!) n = few
          else if (n >= shortestMs.length) shortestMs.push(spanMs)
          else if (spanMs < shortestMs[n]!) shortestMs[n] = spanMs
        }
      },
      result: () => [...upstreams.values()].flatMap(({ byPhase }) => byPhase.filter((cell) => cell !== undefined)),
    }
  },
  key: ({ phase, upstream }) => JSON.stringify([phase, upstream]),
  merge: (a, b) => ({
    ...a,
    shortestMs: Array.from({ length: Math.max(a.shortestMs.length, b.shortestMs.length) }, (_, n) =>
      Math.min(a.shortestMs[n] ?? Number.POSITIVE_INFINITY, b.shortestMs[n] ?? Number.POSITIVE_INFINITY),
    ),
  }),
})
