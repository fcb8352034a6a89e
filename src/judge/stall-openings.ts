// Openings of breakers that stalls of the harness may have made. What a stall can have caused lasts longer than the stall:
// a breaker may refuse for its recovery time, and until its first probe has ended. One that refuses for longer does so by itself.
//
//   stall       ▇▇▇
//   breaker   closed  |open············|half-open|closed
//   excused           |――――――――――――――――――――――――――|
import { countIn } from '../criteria/measure/scope.ts'
import { spells } from '../criteria/measure/breaker/breaker-history.ts'
import { type Span, dueIn, failuresIn } from '../criteria/measure/breaker/traffic.ts'
import { isFaultedAmid } from '../criteria/measure/fault-window.ts'
import { type Case, type Refusal, type StallOpening, refusals } from '../criteria/finding/raw-finding.ts'
import type { Ms } from '../kernel/clock.ts'
import { own } from '../kernel/own.ts'
import type { BreakerSettings } from '../policies/breaker/settings.ts'

// As long as a probe may take beyond its attempt, where the settings do not say.
const LEASE: Ms = 1000

/**
 * Those that reach into the phases. `addedBetween` tells how much delay stalls may have added between two times; infinite where the
 * machine had no processor time left.
 */
export function stallOpenings(run: Case, phases: readonly string[], addedBetween: (amid: Span) => Ms): StallOpening[] {
  const within = run.plan.phases.filter(({ name }) => phases.includes(name))
  return Object.keys(run.plan.upstreams).flatMap((upstream) =>
    openingsOf(run, upstream, addedBetween).flatMap((opening) => {
      const reached = within
        .map(({ startMs, endMs }) => ({ fromMs: Math.max(startMs, opening.fromMs), toMs: Math.min(endMs, opening.toMs) }))
        .filter(({ fromMs, toMs }) => fromMs < toMs)
      return reached.length === 0 ? [] : [{ upstream, ...opening, refused: refusedIn(run, upstream, reached) }]
    }),
  )
}

function openingsOf(run: Case, upstream: string, addedBetween: (amid: Span) => Ms): Span[] {
  const policies = own(run.plan.gateway.upstreams, upstream)
  if (!policies?.breaker) return []
  const { breaker, timeout } = policies
  const history = spells(run.evidence, upstream)
  const openings: Span[] = []
  let failedProbes = 0
  for (const [at, opened] of history.entries()) {
    if (opened.state === 'closed') failedProbes = 0
    if (opened.state !== 'open') continue
    if (history[at - 1]?.state === 'half_open') failedProbes++
    // Attempts that were under way in a stall end no later than their timeout after it.
    const amid = { fromMs: opened.fromMs - opened.slackMs - timeout.attempt, toMs: opened.fromMs + opened.slackMs }
    if (isFaultedAmid(run, upstream, amid) || addedBetween(amid) < timeout.attempt) continue
    const next = history.slice(at + 1).find(({ state }) => state !== 'half_open')
    const overMs = next ? next.fromMs + next.slackMs : run.evidence.end.atMs
    const longest = longestRecovery(breaker, failedProbes) + (breaker.probeLease ?? timeout.attempt + LEASE)
    openings.push({ fromMs: opened.fromMs - opened.slackMs, toMs: Math.min(overMs, amid.toMs + longest) })
  }
  return openings
}

const longestRecovery = ({ recovery, recoveryGrowth, recoveryMax, recoveryJitter }: BreakerSettings, failedProbes: number): Ms =>
  Math.min(recoveryMax, recovery * recoveryGrowth ** failedProbes) * (1 + recoveryJitter)

function refusedIn({ evidence }: Case, upstream: string, times: readonly Span[]): StallOpening['refused'] {
  const { bucketMs } = evidence.series
  const marksRefusals = countIn(evidence.requests, ['rejected']) > 0
  const refused: Record<Refusal, number> = { rejected: 0, fallback: 0, upstream_error: 0 }
  for (const { fromMs, toMs } of times) {
    const buckets = { fromMs: Math.floor(fromMs / bucketMs) * bucketMs, toMs: Math.ceil(toMs / bucketMs) * bucketMs }
    for (const outcome of refusals) {
      const due = dueIn(evidence, upstream, buckets, [outcome])
      // Of a gateway that marks no refusal, nothing else tells what its open breaker refused. What the upstream failed is no refusal.
      const given = outcome !== 'upstream_error' ? 0 : marksRefusals ? due : failuresIn(evidence, upstream, buckets)
      refused[outcome] += Math.max(0, due - given)
    }
  }
  return refused
}
