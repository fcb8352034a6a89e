// What to do about a finding that is undecided: for each cause a command that can be typed, or one named place to edit.
import type { Untold } from '../../criteria/finding/cause.ts'
import type { Case, RawFinding } from '../../criteria/finding/raw-finding.ts'
import { unclearedFault } from '../../criteria/measure/fault-window.ts'
import { countIn, requestsIn } from '../../criteria/measure/scope.ts'
import { targetOf } from '../../faults/fault.ts'
import { count } from '../../kernel/wording.ts'
import { type PlannedPhase, reaches } from '../../plan/plan.ts'
import { deathBefore } from '../validity/processes-lived.ts'
import { unbittenFault, unreachedRemedy } from '../validity/faults-bit.ts'
import { eventsRemedy } from './events-remedy.ts'
import { again, atHalfRate, atTwiceTheRate, doctor, placed, wasGiven } from './again.ts'

/** What is undecided, and what its criterion is about. */
interface Undecided {
  raw: RawFinding
  run: Case
  upstream: string | undefined
  /** Whether the requests of several runs are counted together for it. */
  isPooled: boolean
}

type Remedy = (undecided: Undecided) => string

const remedies: Record<Untold | 'contradiction', Remedy> = {
  incomplete: ({ run }) => `run it again, and let it finish: ${again(run)}`,
  phase_not_reached: ({ run }) => `run it again, and let it finish: ${again(run)}`,
  fault_never_bit({ raw, run }) {
    const fault = unbittenFault(run, raw.window)
    if (fault === undefined) return `check the faults of ${listed(raw.window.phases)}: edit ${placed(run, 'phases')}`
    return (
      unreachedRemedy(run, fault.upstream) ?? `send requests to ${targetOf(fault)} during ${fault.phase}: edit ${placed(run, 'load.mix')}`
    )
  },
  fault_not_cleared({ raw, run }) {
    const fault = unclearedFault(run.plan, run.evidence, raw.window.toMs)
    const what = fault === undefined ? '' : `, and see in its journal what kept ${fault.id} on`
    return `run it again${what}: ${again(run)}`
  },
  load_not_delivered: ({ run }) => `lower the rate: ${atHalfRate(run)}`,
  attempts_unseen({ run, upstream }) {
    if (wasGiven(run, '--toxiproxy')) return `use the embedded Toxiproxy: ${again(run, '--toxiproxy', 'embedded')}`
    const isOpaque = run.evidence.front.some((each) => each.upstream === upstream && each.opaque > 0)
    if (isOpaque) return `let the gateway speak HTTP/1.1 to ${upstream ?? 'its upstreams'}`
    return `use faults of requests in place of faults of the network: edit ${placed(run, 'phases')}`
  },
  no_breaker_events: ({ run, upstream }) => eventsRemedy(run, upstream),
  partly_open: () => 'start the gateway with one worker (--gateway), or let its workers share their breakers',
  harness_unhealthy({ raw, run }) {
    const death = deathBefore(run, raw.window)
    if (death) return `see the last lines of ${death.role} in the journal, and run it again: ${again(run)}`
    return `measure the rate that this machine can send (${doctor(run)}), and stay below it: ${atHalfRate(run)}`
  },
  no_samples({ raw: { window }, run, upstream }) {
    const asked = { ...(upstream !== undefined && { upstream }), phases: window.phases }
    if (countIn(requestsIn(run.evidence, asked)) > 0)
      return unreachedRemedy(run, upstream) ?? `add a fault or a request that shows it: edit ${placed(run, 'phases or load.mix')}`
    const inMix = run.plan.load.mix.some((route) => upstream === undefined || reaches(route, upstream))
    return inMix
      ? (unreachedRemedy(run, upstream) ?? `run it again: ${again(run)}`)
      : `put a route of ${upstream} into the load: edit ${placed(run, 'load.mix')}`
  },
  too_few_samples: moreSamples,
  contradiction: () => 'mark fallbacks with the header x-gateway-fallback, and answer errors with a status from 400 on',
}

/** What to do about it; undefined for what is decided. */
export function remedyFor(undecided: Undecided): string | undefined {
  const { result, cause, remedy } = undecided.raw
  if (result !== 'inconclusive') return undefined
  if (remedy !== undefined) return remedy
  return (isKnown(cause) ? remedies[cause] : moreSamples)(undecided)
}

const isKnown = (cause: RawFinding['cause']): cause is keyof typeof remedies => cause !== undefined && Object.hasOwn(remedies, cause)

// More runs than these take longer than a longer phase, in which nothing is warmed up again.
const MOST_RUNS = 5
/** Where nobody can say how many samples would do: bounds are half as wide. */
const RUNS = 4

function moreSamples({ raw: { n, needsMore, window }, run, isPooled }: Undecided): string {
  // What each run tells for itself is told more finely by more requests a second.
  if (!isPooled) return `raise the rate: ${atTwiceTheRate(run)}`
  const factor = needsMore === undefined ? RUNS : n === 0 ? Number.POSITIVE_INFINITY : (n + needsMore) / n
  const runs = Math.ceil(factor * (run.runs ?? 1))
  if (runs <= Math.max(MOST_RUNS, RUNS * (run.runs ?? 1))) return `judge ${runs} runs together: ${again(run, '--repeat', runs)}`
  const phase = longest(run.plan.phases.filter(({ name }) => window.phases.includes(name)))
  if (phase === undefined || factor === Number.POSITIVE_INFINITY) return `raise the rate: ${atTwiceTheRate(run)}`
  const seconds = Math.ceil((factor * (phase.endMs - phase.startMs)) / 1000)
  return `lengthen the phase ${phase.name} to ${seconds}s (about ${count(needsMore ?? 0)} more samples): edit ${placed(run, 'phases')}`
}

const longest = (phases: readonly PlannedPhase[]): PlannedPhase | undefined =>
  phases.toSorted((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs))[0]

const listed = (names: readonly string[]): string => names.join(' and ')
