// A scenario at another rate than its author's, for a machine that cannot send as many. What its criteria need stays the same number of
// requests, so phases last longer: those before the first fault and after the last one as long as sends the same number, those between only
// as long as a criterion needs, since their length is part of the story.
import { parseDuration } from '../kernel/duration.ts'
import { criterionSchema, knownCriterion } from '../criteria/criteria.ts'
import type { CustomCriteria } from '../criteria/custom.ts'
import { plannedRequests } from '../plan/plan-index.ts'
import type { Plan } from '../plan/plan.ts'
import type { RateInput } from './load.ts'
import type { PhaseInput } from './phases.ts'
import type { CompleteInput } from './system.ts'

/** By phase: how many times as long it lasts. */
export type Stretched = ReadonlyMap<string, number>

/** The load's highest rate becomes `ratePerSecond`, and the phases' own rates change by as much. A higher rate shortens nothing. */
export function atOtherRate(input: CompleteInput, ratePerSecond: number, stretched: Stretched): CompleteInput {
  const factor = ratePerSecond / Math.max(input.load.rate.startPerSecond, input.load.rate.endPerSecond)
  // A rate that is none is told when the load is planned.
  if (!Number.isFinite(factor)) return input
  return {
    ...input,
    load: { ...input.load, rate: scaled(input.load.rate, factor) },
    phases: (given) => {
      const phases = input.phases(given)
      const isFaulty = ({ faults }: PhaseInput): boolean => faults.length > 0
      const [first, last] = [phases.findIndex(isFaulty), phases.findLastIndex(isFaulty)]
      return phases.map((phase, at) => {
        const isOutside = !phase.warmUp && !phase.saturation && (first < 0 || at < first || at > last)
        return scaledPhase(phase, factor, (isOutside ? Math.max(1, 1 / factor) : 1) * (stretched.get(phase.name) ?? 1))
      })
    },
  }
}

function scaledPhase(phase: PhaseInput, factor: number, longer: number): PhaseInput {
  const { rate, duration } = phase
  return {
    ...phase,
    ...(longer > 1 && { duration: Math.ceil(parseDuration(duration) * longer) }),
    ...(rate && { rate: scaled(rate, factor) }),
  }
}

const scaled = ({ startPerSecond, endPerSecond }: RateInput, factor: number): RateInput => ({
  startPerSecond: startPerSecond * factor,
  endPerSecond: endPerSecond * factor,
})

// Arrivals scatter: a phase that is stretched to just what is needed may get a few too few.
const SPARE = 1.05

/** How much longer the phases must last that send too little for a criterion; none when all can be decided. */
export function stretchedFor(plan: Plan, custom: CustomCriteria): Stretched {
  const stretched = new Map<string, number>()
  const names = new Set(plan.phases.map(({ name }) => name))
  for (const { criterion } of plan.criteria) {
    // What is no criterion, or names what there is not, is told when all of them are checked.
    if (!criterionSchema.safeParse(criterion).success) continue
    const known = knownCriterion(criterion, custom)
    const { needs, upstream } = known
    if (known.phases.some((name) => !names.has(name))) continue
    const stretch = (name: string, factor: number): void => void stretched.set(name, Math.max(stretched.get(name) ?? 1, SPARE * factor))
    for (const { tooShort } of known.check(plan)) for (const [name, factor] of tooShort ?? []) stretch(name, factor)
    for (const phases of known.samplesIn(plan)) {
      const planned = phases.reduce((total, { name }) => total + plannedRequests(plan, name, upstream), 0)
      if (planned === 0 || planned >= needs || !Number.isFinite(needs)) continue
      for (const { name, probes } of phases) if (!probes) stretch(name, needs / planned)
    }
  }
  return stretched
}

/** Both, one after the other. */
export function stretchedMore(stretched: Stretched, more: Stretched): Stretched {
  return new Map([...stretched, ...[...more].map(([name, factor]) => [name, factor * (stretched.get(name) ?? 1)] as const)])
}
