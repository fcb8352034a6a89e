// What a scenario is played on where it does not say so itself: the project's upstreams, routes and rate, as gatecrash.config has them.
import type { Problem } from '../kernel/errors.ts'
import type { PlannedRoute } from '../plan/plan.ts'
import { type LoadInput, perSecond } from './load.ts'
import { mergedSettings, settingsAmong } from './settings/merged-settings.ts'
import type { GatewaySettings, ScenarioInput, UpstreamReference } from './scenario.ts'

export interface System {
  /** Where it is written, as it is shown: `gatecrash.config.ts`. */
  source: string
  upstreams: Readonly<Record<string, UpstreamReference>>
  routes: readonly PlannedRoute[]
  ratePerSecond?: number
  expects?: GatewaySettings
}

/** A scenario with all that a plan needs. */
export interface CompleteInput extends ScenarioInput {
  upstreams: Record<string, UpstreamReference>
  load: LoadInput
}

export interface OnSystem {
  input: CompleteInput
  /** The rate that phases made for another one are to be played at. */
  ratePerSecond?: number
}

const COMMON_RATE = 100

/** The scenario on the project's system. Undefined, with problems, where neither of them says what is needed. */
export function onSystem(written: ScenarioInput, system: System | undefined, problems: Problem[]): OnSystem | undefined {
  const example = written.upstreams === undefined && system === undefined ? written.example : undefined
  const upstreams = written.upstreams ?? system?.upstreams ?? example?.upstreams
  const mix = written.load?.mix ?? example?.load.mix ?? (written.upstreams === undefined ? system?.routes : undefined)
  const where = 'in the scenario, or in gatecrash.config for all of them'
  if (upstreams === undefined) problems.push({ path: 'upstreams', message: `are missing; name them ${where}` })
  else if (mix === undefined) problems.push({ path: 'load.mix', message: `is missing; say ${where} what is asked of the gateway` })
  if (upstreams === undefined || mix === undefined) return undefined
  // The phases of a story about any upstream are made for its example's load.
  const madeFor = written.example?.load
  const rate = written.load?.rate ?? madeFor?.rate ?? perSecond(system?.ratePerSecond ?? COMMON_RATE)
  const expects = mergedSettings(settingsAmong(Object.keys(upstreams), system?.expects ?? {}), written.expects ?? {})
  const input = { ...written, upstreams: { ...upstreams }, expects, load: { ...madeFor, ...written.load, rate, mix: [...mix] } }
  const isForOther = madeFor !== undefined && system !== undefined && written.load?.rate === undefined
  return { input, ...(isForOther && { ratePerSecond: system.ratePerSecond ?? madeFor.rate.startPerSecond }) }
}

/** Requests that carry these as well. A route's own headers come first, in any letter case. */
export function withHeaders(input: CompleteInput, headers: Readonly<Record<string, string>>): CompleteInput {
  const added = Object.entries(headers)
  const lower = (names: readonly string[]): Set<string> => new Set(names.map((name) => name.toLowerCase()))
  const mix = input.load.mix.map((route) => {
    const taken = lower(Object.keys(route.headers ?? {}))
    return { ...route, headers: { ...Object.fromEntries(added.filter(([name]) => !taken.has(name.toLowerCase()))), ...route.headers } }
  })
  return added.length === 0 ? input : { ...input, load: { ...input.load, mix } }
}
