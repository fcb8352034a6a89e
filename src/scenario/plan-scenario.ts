// From a scenario to its plan. Everything that is wrong with it is found here, before anything starts, and told at once.
import { relative } from 'node:path'
import * as z from 'zod'
import { type Problem, problemsError } from '../kernel/errors.ts'
import { check, duration as span, shown, suggest } from '../kernel/validation.ts'
import { count } from '../kernel/wording.ts'
import { type UpstreamPolicies, upstreamPolicies } from '../policies/settings.ts'
import { countArrivals, sum } from '../plan/arrival-counts.ts'
import { checkCriteria } from './check-criteria.ts'
import { planFault } from './fault-schema.ts'
import type { RateInput } from './load.ts'
import type { PhaseInput } from './phases.ts'
import type { Plan, PlannedFault, PlannedLoad, PlannedPhase, PolicyName } from '../plan/plan.ts'
import type { Scenario, ScenarioInput, SettingsView } from './scenario.ts'
import { checkOutline, writtenCriteria, writtenPhases } from './outline.ts'

export interface PlanOptions {
  seed: number
  policy: PolicyName
  /** The scenario's file, as it is shown. */
  source: string
}

/**
 * Resolves a scenario.
 * @throws GatecrashError `invalid_scenario` with every problem: its path, the value received, what is accepted
 */
export function planScenario({ name, input }: Scenario, { seed, policy, source }: PlanOptions): Plan {
  const problems: Problem[] = []
  const stopIfAny = (): void => {
    if (problems.length > 0) throw problemsError('invalid_scenario', source, problems)
  }
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    problems.push({ path: 'name', message: `must be lower-case words joined by hyphens, got ${shown(name)}` })
  checkOutline(input, problems)
  stopIfAny()
  checkUpstreams(input, problems)
  const settings = planSettings(input, policy, problems)
  stopIfAny()

  const given = { gateway: viewOf(settings) }
  const written = writtenPhases(source, () => input.phases(given))
  const { phases, faults } = planPhases(written, Object.keys(input.upstreams), problems)
  const load = planLoad(input, written, phases, problems)
  stopIfAny()

  const plan: Plan = {
    schemaVersion: 1,
    scenario: name,
    story: input.story,
    source,
    seed,
    policy,
    upstreams: planUpstreams(input),
    gateway: { upstreams: settings },
    load,
    phases,
    faults,
    criteria: [],
    durationMs: phases.at(-1)?.endMs ?? 0,
  }
  checkSize(plan, problems)
  stopIfAny()
  const counts = countArrivals(plan)
  for (const planned of plan.phases) planned.expected = sum(counts.get(planned.name))
  const { criteria: wanted } = input
  const criteria = writtenCriteria(source, () => (typeof wanted === 'function' ? wanted(given) : wanted))
  plan.criteria = criteria.map(({ criterion, source: place }, at) =>
    Object.assign({ id: `C${at + 1}`, criterion }, place && { source: place }),
  )
  checkCriteria(plan, counts, problems)
  stopIfAny()
  return plan
}

function checkUpstreams(input: ScenarioInput, problems: Problem[]): void {
  const entries = Object.entries(input.upstreams)
  if (entries.length === 0) problems.push({ path: 'upstreams', message: 'name at least one upstream' })
  for (const [key, upstream] of entries)
    if (upstream?.name !== key)
      problems.push({ path: `upstreams.${key}`, message: `must be listed under its own name ${shown(upstream?.name)}` })
}

/** Every request is counted before the run and recorded in it: beyond this, both take longer than anybody waits. */
const MOST_REQUESTS = 20_000_000

function checkSize({ load }: Plan, problems: Problem[]): void {
  const requests = load.rate.reduce(
    (total, { fromMs, toMs, startPerSecond, endPerSecond }) => total + (((startPerSecond + endPerSecond) / 2) * (toMs - fromMs)) / 1000,
    0,
  )
  if (requests > MOST_REQUESTS)
    problems.push({
      path: 'load.rate',
      message: `asks for about ${count(requests)} requests in all; lower the rate or shorten the phases to stay below ${count(MOST_REQUESTS)}`,
    })
}

/** Modules relative to the working directory, where they lie below it: a bundle tells nothing of the machine's folders. */
function planUpstreams({ upstreams }: ScenarioInput): Plan['upstreams'] {
  const place = (module: string): string => {
    const near = relative(process.cwd(), module)
    return near.startsWith('..') ? module : near
  }
  return Object.fromEntries(
    Object.entries(upstreams).map(([name, { module, export: exported }]) => [name, { module: place(module), export: exported }]),
  )
}

function planSettings(input: ScenarioInput, policy: PolicyName, problems: Problem[]): Record<string, UpstreamPolicies> {
  const written = input.gateway[policy]
  for (const name of Object.keys(written))
    if (!(name in input.upstreams))
      problems.push({ path: `gateway.${name}`, message: `unknown upstream "${name}"${suggest(name, Object.keys(input.upstreams))}` })
  const parsed = Object.keys(input.upstreams).map((name) => [
    name,
    check(upstreamPolicies, written[name] ?? {}, `gateway.${name}`, problems),
  ])
  return Object.fromEntries(parsed) as Record<string, UpstreamPolicies>
}

/** Settings that answer a question about a policy that is not set with an error instead of undefined. */
function viewOf(settings: Record<string, UpstreamPolicies>): SettingsView<string> {
  const strict = <T extends object>(target: T, place: string): T =>
    new Proxy(target, {
      get(object, key, receiver) {
        const value: unknown = Reflect.get(object, key, receiver)
        if (value !== undefined || typeof key === 'symbol') return value
        throw problemsError('invalid_scenario', 'scenario', [
          { path: `${place}.${key}`, message: 'a phase or criterion asks for this, but it is not set; set it in `gateway`' },
        ])
      },
    })
  const views = Object.entries(settings).map(([name, policies]) => [name, strict(policies, `gateway.${name}`)])
  return strict(Object.fromEntries(views) as SettingsView<string>, 'gateway')
}

const positiveSpan = span.refine((ms) => ms > 0, { error: 'must be above 0' })

function planPhases(written: PhaseInput[], upstreams: string[], problems: Problem[]): { phases: PlannedPhase[]; faults: PlannedFault[] } {
  const phases: PlannedPhase[] = []
  const faults: PlannedFault[] = []
  let startMs = 0
  if (written.length === 0) problems.push({ path: 'phases', message: 'there must be at least one' })
  for (const [at, { name, duration, warmUp, faults: wanted }] of written.entries()) {
    const path = `phases[${at}]`
    if (phases.some((earlier) => earlier.name === name))
      problems.push({ path: `${path}.name`, message: `"${name}" is taken by an earlier phase` })
    const endMs = startMs + (check(positiveSpan, duration, `${path}.duration`, problems) ?? 0)
    for (const [which, fault] of wanted.entries()) {
      const place = `${path}.faults[${which}]`
      if (!upstreams.includes(fault.upstream))
        problems.push({ path: `${place}.upstream`, message: `unknown upstream "${fault.upstream}"${suggest(fault.upstream, upstreams)}` })
      for (const planned of planFault(fault, place, problems))
        faults.push({ id: `F${faults.length + 1}`, phase: name, startMs, endMs, upstream: fault.upstream, fault: planned })
    }
    phases.push({ name, startMs, endMs, warmUp, expected: 0 })
    startMs = endMs
  }
  return { phases, faults }
}

const rate = z
  .strictObject({ startPerSecond: z.number().min(0).max(1e6), endPerSecond: z.number().min(0).max(1e6) })
  .refine(({ startPerSecond, endPerSecond }) => startPerSecond + endPerSecond > 0, { error: 'must be above 0 at one end' })

function planLoad({ load, upstreams }: ScenarioInput, written: PhaseInput[], phases: PlannedPhase[], problems: Problem[]): PlannedLoad {
  const known = Object.keys(upstreams)
  const names = phases.map(({ name }) => name)
  const common = check(rate, load.rate, 'load.rate', problems)
  const timeoutMs = check(positiveSpan, load.timeout ?? '10s', 'load.timeout', problems) ?? 0
  if (load.mix.length === 0) problems.push({ path: 'load.mix', message: 'there must be at least one kind of request' })
  for (const [at, route] of load.mix.entries()) {
    const path = `load.mix[${at}]`
    if (!known.includes(route.upstream))
      problems.push({ path: `${path}.upstream`, message: `unknown upstream "${route.upstream}"${suggest(route.upstream, known)}` })
    if (!(route.weight > 0)) problems.push({ path: `${path}.weight`, message: `must be above 0, got ${shown(route.weight)}` })
    for (const phase of route.during ?? [])
      if (!names.includes(phase)) problems.push({ path: `${path}.during`, message: `unknown phase "${phase}"${suggest(phase, names)}` })
  }
  const pieces = phases.map(({ startMs, endMs }, at) => {
    const own: RateInput | undefined = written[at]?.rate
    const { startPerSecond, endPerSecond } = (own ? check(rate, own, `phases[${at}].rate`, problems) : common) ?? {
      startPerSecond: 0,
      endPerSecond: 0,
    }
    return { fromMs: startMs, toMs: endMs, startPerSecond, endPerSecond }
  })
  return { arrivals: load.arrivals ?? 'poisson', rate: pieces, mix: load.mix, timeoutMs }
}
