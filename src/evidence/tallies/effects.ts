// What upstreams have done that may be done once for each request, such as booking a cost: how often, and how often again. The fake says
// it of an arrival, by a hash of what it was done for; a repeat that changed nothing there has no effect.
import type { Ms } from '../../kernel/clock.ts'
import { type Seen, earliest, traceTally } from './trace-tally.ts'

export interface EffectCell {
  /** The phase in which it was done. */
  phase: string
  upstream: string
  count: number
  /** Those whose like was done before, in whatever phase. */
  again: number
  /** Those of which nobody can tell what they were done for. */
  untold: number
  firstAgain: Seen | null
}

/** Kept of one upstream's effects; later ones cannot be told from repeats, and count as untold. */
const MOST_KEPT = 1_000_000

export const effects = traceTally<'effects', EffectCell>({
  evidence: 'effects',
  open({ plan, origin }) {
    const known = new Map<string, Set<string>>()
    const cells = new Map<string, EffectCell>()
    const cellAt = (upstream: string, atMs: Ms): EffectCell => {
      const phase = (plan.phases.findLast(({ startMs }) => startMs <= atMs) ?? plan.phases[0])?.name ?? ''
      const key = JSON.stringify([phase, upstream])
      let cell = cells.get(key)
      if (!cell) cells.set(key, (cell = { phase, upstream, count: 0, again: 0, untold: 0, firstAgain: null }))
      return cell
    }
    return {
      arrival({ upstream, t, effect, request, route, method }) {
        if (effect === undefined) return
        const atMs = t - origin
        const cell = cellAt(upstream, atMs)
        cell.count++
        let done = known.get(upstream)
        if (!done) known.set(upstream, (done = new Set()))
        if (effect !== '' && done.has(effect)) {
          cell.again++
          cell.firstAgain = earliest(cell.firstAgain, { request, atMs, what: `${method} ${route}` })
        } else if (effect === '' || done.size >= MOST_KEPT) cell.untold++
        else done.add(effect)
      },
      result: () => [...cells.values()],
    }
  },
  key: ({ phase, upstream }) => JSON.stringify([phase, upstream]),
  merge: (a, b) => ({
    ...a,
    count: a.count + b.count,
    again: a.again + b.again,
    untold: a.untold + b.untold,
    firstAgain: earliest(a.firstAgain, b.firstAgain),
  }),
})
