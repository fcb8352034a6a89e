// From a scenario to its plan. Everything that is wrong with it is found here, before anything starts, and told at once.
import { nearPath } from '../kernel/modules/near-path.ts'
import { type GatecrashError, type Problem, problemsError } from '../kernel/errors.ts'
import { parseDuration } from '../kernel/duration.ts'
import { shown } from '../kernel/validation.ts'
import { count, span } from '../kernel/wording.ts'
import { isExpected } from '../plan/expectations.ts'
import { planIndex } from '../plan/plan-index.ts'
import type { Plan, PlannedCriterion, PlannedGateway } from '../plan/plan.ts'
import { definitionsOf } from '../criteria/custom.ts'
import { isDeepStrictEqual } from 'node:util'
import type { WrittenCriterion } from '../criteria/writing/call-site.ts'
import { type ClaimedCriterion, checkClaims, expandClaims, probesFor } from './claims/expand-claims.ts'
import { checkProbePhases, probeRoutes, withProbePhases } from './claims/probes/probe-phases.ts'
import { checkCriteria, checkWritten } from './planning/check-criteria.ts'
import { checkUpstreams } from './planning/check-upstreams.ts'
import { checkOutline, readable, writtenClaims, writtenCriteria, writtenPhases } from './outline.ts'
import { type Overrides, assumedOf, planGateway, timingOf, viewOf } from './planning/plan-gateway.ts'
import { planLoad } from './planning/plan-load.ts'
import type { PhaseInput } from './phases.ts'
import { type Stretched, atOtherRate, stretchedFor, stretchedMore } from './other-rate.ts'
import { plannedCapacity } from './planning/planned-capacity.ts'
import { planPhases } from './planning/plan-phases.ts'
import { chooseUpstream } from './needs.ts'
import { givenOf } from './given.ts'
import type { Scenario } from './scenario.ts'
import { type CompleteInput, type System, onSystem, withHeaders } from './system.ts'

export interface PlanOptions {
  seed: number
  /** Which of the scenario's named settings. */
  settings: string
  /** The scenario's file, as it is shown. */
  source: string
  /** Settings by path that take the place of the scenario's own. */
  overrides?: Overrides
  /** Settings by path that are tried, over all others, in the story as it is without them: its phases and probes follow from the others. */
  candidate?: Overrides
  /** Whether the gateway under test is not the reference one: then its settings are what somebody expects of it. */
  isForeign?: boolean
  /** In place of the highest rate of the load. With a lower one phases last longer, so that all criteria stay decidable. */
  ratePerSecond?: number
  /** What the scenario is played on, as far as it does not say so itself. */
  system?: System | undefined
  /** What every request carries, unless its route says otherwise. */
  headers?: Readonly<Record<string, string>>
  /** The upstream that a story about any upstream is about, in place of the first one. */
  upstream?: string
}

/**
 * Resolves a scenario.
 * @throws GatecrashError `invalid_scenario` with every problem: its path, the value received, what is accepted
 */
export function planScenario(scenario: Scenario, options: PlanOptions): Plan {
  const { ratePerSecond = rateOf(scenario, options) } = options
  if (ratePerSecond === undefined) return resolved(scenario, options).plan
  // Longer phases may move what a criterion counts, so it is asked again.
  let stretched: Stretched = new Map()
  for (let round = 1; ; round++) {
    const { plan, more } = resolved(scenario, { ...options, at: { ratePerSecond, stretched }, mayBeShort: round < ROUNDS })
    if (more.size === 0) return bearable(plan, stretched)
    stretched = stretchedMore(stretched, more)
  }
}

const ROUNDS = 6
/** A run that would last longer than this for want of requests is refused: nobody waits for its end. */
const LONGEST = parseDuration('1h')

function bearable(plan: Plan, stretched: Stretched): Plan {
  if (stretched.size === 0 || plan.durationMs <= LONGEST) return plan
  const message = `is so low that the run would last ${span(plan.durationMs)} before all of its criteria can be decided; raise it`
  throw problemsError('invalid_scenario', plan.source, [{ path: 'load.rate', message }])
}

/** The rate of the project's system, for a story whose phases are made for another. */
function rateOf({ input }: Scenario, { system }: PlanOptions): number | undefined {
  const problems: Problem[] = []
  checkOutline(input, problems)
  return problems.length > 0 ? undefined : onSystem(input, system, problems)?.ratePerSecond
}

interface Resolving extends PlanOptions {
  at?: { ratePerSecond: number; stretched: Stretched }
  /** What the load is too short for is then no problem, but told in `more`. */
  mayBeShort?: boolean
}

function resolved(
  { name, input: asWritten }: Scenario,
  { seed, settings, source, at, mayBeShort, system, headers = {}, upstream: named, ...options }: Resolving,
): { plan: Plan; more: Stretched } {
  const problems: Problem[] = []
  const refusal = (): GatecrashError => problemsError('invalid_scenario', source, problems)
  const stopIfAny = (): void => {
    if (problems.length > 0) throw refusal()
  }
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    problems.push({ path: 'name', message: `must be lower-case words joined by hyphens, got ${shown(name)}` })
  checkOutline(asWritten, problems)
  // What is wrong with one part keeps nobody from looking at the others, as far as they can be looked at.
  const looked = readable(asWritten, problems)
  const completed = looked && onSystem(looked, system, problems)
  if (!completed) throw refusal()
  const ready = withHeaders(completed.input, headers)
  const input = at ? atOtherRate(ready, at.ratePerSecond, at.stretched) : ready
  checkUpstreams(input.upstreams, 'upstreams', problems)
  const before = problems.length
  const gateway = planGateway(input, settings, options, problems)
  const { candidate, ...untried } = options
  const ofUntried: Problem[] = []
  const ofStory = candidate === undefined ? gateway : planGateway(input, settings, untried, ofUntried)
  // What is wrong with both is told once.
  if (problems.length === before) problems.push(...ofUntried)
  const isSet = problems.length === before

  const about = chooseUpstream(input.needs, { upstreams: input.upstreams, mix: input.load.mix }, named, problems)
  if (!about) throw refusal()
  const givenFor = (set: PlannedGateway): ReturnType<typeof givenOf> =>
    givenOf(viewOf(isSet ? timingOf(input, settings, set) : assumedOf(input, set)), about)
  const { given, isAsked: isAskedByDemands } = givenFor(gateway)
  const { given: givenToStory, isAsked: isAskedByStory } = givenFor(ofStory)
  const isAsked = (): boolean => isAskedByStory() || isAskedByDemands()
  const told = writtenPhases(() => input.phases(givenToStory), problems, !isSet)
  const { claims: asserted = [], criteria: wanted = [] } = input
  const claimed = writtenClaims(() => (typeof asserted === 'function' ? asserted(given) : asserted), problems, !isSet) ?? []
  const criteria = writtenCriteria(() => (typeof wanted === 'function' ? wanted(given) : wanted), problems, !isSet) ?? []
  if (!told) throw refusal()
  const upstreams = Object.keys(input.upstreams)
  checkClaims(claimed, { upstreams, phases: told.map((each) => each.name) }, problems)
  const there = { upstreams: input.upstreams, mix: input.load.mix, ...(isSet && { gateway }) }
  const planWith = (written: readonly PhaseInput[]): Pick<Plan, 'phases' | 'faults' | 'load'> => {
    const { phases, faults } = planPhases(written, there, problems)
    return { phases, faults, load: planLoad(input, written, phases, problems) }
  }
  // First the story alone, so that what is wrong with it is told by its author's own places.
  const alone = planWith(told)
  if (named !== undefined && problems.length === 0 && !isAsked())
    problems.push({ path: 'upstream', message: 'the story names its upstreams itself; --upstream is for stories about any upstream' })
  if (problems.length > 0) checkWritten(criteria, { upstreams, phases: told.map((each) => each.name) }, definitionsOf(criteria), problems)
  stopIfAny()
  const sent = probesFor(claimed, input.load.mix, ofStory.upstreams, gateway.upstreams)
  checkProbePhases(told, sent, problems)
  stopIfAny()
  const { phases, faults, load: asTold } = sent.length === 0 ? alone : planWith(withProbePhases(told, sent))
  const load = { ...asTold, mix: [...asTold.mix, ...probeRoutes(sent, phases, seed)] }

  const plan: Plan = {
    schemaVersion: 2,
    scenario: name,
    story: input.story,
    source,
    seed,
    settings,
    upstreams: planUpstreams(input),
    gateway,
    load,
    phases,
    faults,
    criteria: [],
    durationMs: phases.at(-1)?.endMs ?? 0,
  }
  checkSize(plan, problems)
  stopIfAny()
  const counts = planIndex(plan).planned
  for (const phase of plan.phases)
    phase.expected = counts.reduce((total, part) => total + (part.phase === phase.name ? part.requests : 0), 0)
  const { claims, criteria: expanded } = expandClaims(claimed, {
    upstreams,
    policies: gateway.upstreams,
    isExpected: (upstream, ability) => isExpected(gateway, upstream, ability),
    load,
    phases,
    faults,
    sent,
  })
  if (claims.length > 0) plan.claims = claims
  const numbered = numberCriteria(expanded, criteria)
  plan.criteria = numbered.map(({ planned }) => planned)
  const more = mayBeShort ? stretchedFor(plan, definitionsOf(criteria)) : new Map<string, number>()
  if (more.size > 0) return { plan, more }
  checkCriteria(
    plan,
    numbered.map(({ place }) => place),
    definitionsOf(criteria),
    problems,
  )
  stopIfAny()
  return { plan, more }
}

/** Those of the claims, then what the scenario demands beside them; what both demand is asked once. Each with its place in the scenario. */
function numberCriteria(
  ofClaims: readonly ClaimedCriterion[],
  written: readonly WrittenCriterion[],
): { planned: PlannedCriterion; place: string }[] {
  const claimed = ofClaims.map((each) => ({
    each,
    claims: { claims: each.claims },
    place: `claims[${Number(each.claims[0]!.slice(1)) - 1}]`,
  }))
  const own = written
    .map((each, at) => ({ each, claims: undefined, place: `criteria[${at}]` }))
    .filter(({ each }) => !ofClaims.some(({ criterion }) => isDeepStrictEqual(criterion, each.criterion)))
  return [...claimed, ...own].map(({ each: { criterion, severity, source }, claims, place }, at) => ({
    planned: Object.assign({ id: `C${at + 1}`, criterion }, severity && { severity }, claims, source && { source }),
    place,
  }))
}

/** Every request is counted before the run and recorded in it: beyond this, both take longer than anybody waits. */
const MAX_REQUESTS = 20_000_000

function checkSize({ load }: Plan, problems: Problem[]): void {
  const requests = load.rate.reduce(
    (total, { fromMs, toMs, startPerSecond, endPerSecond }) => total + (((startPerSecond + endPerSecond) / 2) * (toMs - fromMs)) / 1000,
    0,
  )
  if (requests > MAX_REQUESTS)
    problems.push({
      path: 'load.rate',
      message: `asks for about ${count(requests)} requests in all; lower the rate or shorten the phases to stay below ${count(MAX_REQUESTS)}`,
    })
}

function planUpstreams({ upstreams, load }: CompleteInput): Plan['upstreams'] {
  return Object.fromEntries(
    Object.entries(upstreams).map(([name, upstream]) => {
      const capacity = plannedCapacity(upstream, load.mix)
      return [name, { module: nearPath(upstream.module), export: upstream.export, ...(capacity && { capacity }) }]
    }),
  )
}
