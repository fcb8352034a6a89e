// breaker('gemini').probesAtMost(1): each time the breaker is half-open, so many requests reach the upstream, and no more.
//
//   open ──────┐            ┌── closed, or open again
//              └ half-open ─┘
//   arrivals     •  •  •       counted to the millisecond from the first on
//
// Where the states are inferred, a probe is one that arrived before the first of them was answered well: only those are surely probes.
// Each worker of a gateway may have a breaker of its own, and so a probe of its own.
import * as z from 'zod'
import type { BreakerState } from '../../contract/breaker-events.ts'
import type { Ms } from '../../kernel/clock.ts'
import { atTime, plural } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { ofOne } from '../writing/fields.ts'
import { type Spell, spells, transitionsOf } from '../measure/breaker/breaker-history.ts'
import { wholeRun } from '../measure/scope.ts'
import { arrivalsWithin } from '../../evidence/time-series.ts'
import { flowOf } from '../measure/breaker/traffic.ts'
import type { Case } from '../finding/raw-finding.ts'

/** More workers than a gateway under test has. */
const MOST_WORKERS = 16

export const probesAtMost = criterionType({
  kind: 'probes_at_most',
  doc: {
    written: "breaker('gemini').probesAtMost(1)",
    demands: 'A half-open breaker lets at most so many requests pass.',
    over: 'run',
    counts: 'Arrivals at the upstream in each spell in which the breaker is half-open.',
    samples: 'one spell in which more requests were asked for',
    undecided: 'It was never half-open, or too few requests came while it was.',
  },
  fields: { upstream: ofOne.upstream, most: z.int().min(1) },
  build: {
    /** No more requests than this reach the upstream in any one spell of being half-open. */
    probesAtMost:
      (upstream: string) =>
      (most: number): WrittenCriterion =>
        written({ kind: 'probes_at_most', upstream, most }),
  },
  relation: 'at_most',
  breaker: 'events',
  causes: ['too_many_probes'],
  sentence: ({ upstream, most }) => `${upstream}'s half-open breaker lets at most ${plural(most, 'request')} pass`,
  phases: () => [],
  needs: () => 1,

  judge({ upstream, most }, run) {
    const states = spells(run.evidence, upstream)
    const probed = states.flatMap((spell, at) =>
      spell.state === 'half_open' ? [probesIn(run, upstream, spell, states[at + 1]?.state)] : [],
    )
    const worst = probed.toSorted((a, b) => b.probes - a.probes)[0]
    const base = { n: probed.length, interval: null, bound: most, unit: 'requests', window: wholeRun(run.plan) } as const
    if (!worst) {
      const opened = transitionsOf(run.evidence, upstream).length > 0
      const why = 'it was never half-open'
      return { ...base, result: 'inconclusive', cause: 'no_samples', measured: null, ...(!opened && { absent: 'breaker' }), why }
    }
    const { probes, fromMs } = worst
    const figures = `${plural(probes, 'request')} arrived while half-open ${atTime(fromMs)}`
    const judged = { ...base, measured: probes }
    if (probes > most && run.inferred?.has(upstream) === true && probes <= MOST_WORKERS * most) {
      const why = `${figures}, promised ${most}; each may be of another worker, with a breaker of its own`
      return { ...judged, result: 'inconclusive', cause: 'too_few_samples', why }
    }
    if (probes > most) return { ...judged, result: 'fail', cause: 'too_many_probes', witnessed: true, why: `${figures}, promised ${most}` }
    // An upstream that answers its first probe at once ends the spell before a second request is due.
    if (probes === 0) {
      const why = 'no probe was seen: the first requests passed when it was closed'
      return { ...judged, result: 'inconclusive', cause: 'too_few_samples', why }
    }
    if (!probed.some(({ chances }) => chances > most)) {
      const why = `no more than ${plural(Math.max(...probed.map(({ chances }) => chances)), 'request')} came while it was half-open: too few to tell`
      return { ...judged, result: 'inconclusive', cause: 'too_few_samples', why: `${why}; let the upstream answer slowly` }
    }
    return { ...judged, result: 'pass', why: `at most ${figures}, in ${plural(probed.length, 'spell')}` }
  },
})

/** How many requests arrived in the spell, and how many could have. */
function probesIn(
  run: Case,
  upstream: string,
  { fromMs, toMs }: Spell,
  next: BreakerState | undefined,
): { fromMs: Ms; probes: number; chances: number } {
  const { series } = run.evidence
  const { asked, wakes } = flowOf(run.evidence, upstream)
  const wake = wakes.find(({ arrivedMs: [first] }) => first! >= fromMs && first! < toMs)
  // After a bad answer, and with a silence to come, what arrives in between did not find it closed.
  const answeredMs = wake && !(wake.failed && next === 'open') ? (wake.answeredMs ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY
  const untilMs: Ms = run.inferred?.has(upstream) === true ? Math.min(toMs, answeredMs) : toMs
  const exact = wake ? wake.arrivedMs.filter((atMs) => atMs < untilMs).length : 0
  const within = asked.slice(Math.floor(fromMs / series.tickMs), Math.ceil(untilMs / series.tickMs))
  return {
    fromMs,
    probes: Math.max(exact, arrivalsWithin(series, upstream, fromMs, untilMs).count),
    chances: within.reduce((total, count) => total + count, 0),
  }
}
