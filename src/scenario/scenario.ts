// A scenario as its author writes it: a declaration. Nothing is parsed or checked here: plan-scenario.ts reports all problems at once.
import type { ServerSettingsInput, ServicesInput } from '../gateway/config.ts'
import type { UpstreamPolicies, UpstreamPoliciesInput } from '../policies/settings.ts'
import type { Latency } from '../faults/latency.ts'
import type { Ms } from '../kernel/clock.ts'
import type { WrittenCriterion } from '../criteria/writing/call-site.ts'
import type { WrittenClaim } from './claims/claim.ts'
import type { LoadInput } from './load.ts'
import type { Need } from './needs.ts'
import type { PhaseInput } from './phases.ts'
import type { PlannedUpstream } from '../plan/plan.ts'
import { own } from '../kernel/own.ts'

/** What `defineUpstream` returns, as far as a scenario is concerned. */
export interface UpstreamReference extends Pick<PlannedUpstream, 'module' | 'export'> {
  name: string
  capacity?: { workers: number }
  routes?: Readonly<Record<string, { latency: Latency; method: string }>>
}

/** The settings that the gateway under test runs with, for deriving durations and bounds. Asking for a policy that is not set is an error. */
export type SettingsView<Names extends string> = Record<
  Names,
  { [Policy in keyof UpstreamPolicies]-?: NonNullable<UpstreamPolicies[Policy]> }
>

/** What the callbacks of a scenario are given. */
export interface Given<Names extends string = string> {
  gateway: SettingsView<Names>
  /** The upstream that a story about any upstream is about: the first one, or the one that `--upstream` names. */
  upstream: string
  /** The settings of that upstream: `gateway[upstream]`. */
  policies: SettingsView<string>[string]
  /** What the scenario `needs`: the routes of the upstream's fake that give it. Empty where it needs nothing. */
  routes: string[]
}

export interface ScenarioInput<Names extends string = string> {
  /** What happens and what the gateway is to do about it, in a sentence or three. */
  story: string
  /** Words to choose scenarios by (`--tag`). What is tagged `long` is left out of `--all`. */
  tags?: string[]
  /** Absent: those of gatecrash.config. */
  upstreams?: Record<Names, UpstreamReference>
  /** Settings of the reference gateway, which any other is held to as well. Absent: common ones are assumed of any gateway. */
  gateway?: GatewayInput<Names>
  /** In place of `gateway`: what is known of a gateway that is not the reference one. */
  expects?: GatewaySettings<Names>
  /** What of it is absent is gatecrash.config's: its rate, and its routes for the mix. */
  load?: Partial<LoadInput>
  /** What a story about any upstream is played on where no gatecrash.config names upstreams. Its rate is what the phases are made for. */
  example?: { upstreams: Record<string, UpstreamReference>; load: LoadInput }
  /** What the story cannot do without: a route that streams or has a body in its answers, or an upstream beside the one it is about. */
  needs?: Need
  phases: (given: Given<Names>) => PhaseInput[]
  /** What the gateway survives: each stands for the criteria, and the probes, that every story of its kind needs. */
  claims?: WrittenClaim[] | ((given: Given<Names>) => WrittenClaim[])
  /** What else it must do. It may be left out where there are claims. */
  criteria?: WrittenCriterion[] | ((given: Given<Names>) => WrittenCriterion[])
}

/** Settings of the reference gateway: of its policies by upstream, of its server, and of the services that are switched on. */
export type GatewaySettings<Names extends string = string> = Partial<Record<Names, UpstreamPoliciesInput>> & {
  server?: ServerSettingsInput
  services?: ServicesInput
}

/** By name, such as `ci` and `production`. */
export type GatewayInput<Names extends string = string> = Record<string, GatewaySettings<Names>>

export interface Scenario {
  name: string
  input: ScenarioInput
}

/** Declares a scenario. Its name is its file's name. */
export function scenario<Names extends string>(name: string, input: ScenarioInput<Names>): Scenario {
  return { name, input }
}

/**
 * Settings of the reference gateway by upstream, and under `server` and `services` its own: quick ones for CI, and by name what differs elsewhere,
 * first of all in `production`. A policy that a named setting gives replaces the whole policy.
 */
export function reference<Names extends string>(
  ci: GatewaySettings<Names>,
  named: Record<string, GatewaySettings<NoInfer<Names>>> = {},
): GatewayInput<Exclude<Names, 'server' | 'services'>> {
  const others = Object.entries({ production: {}, ...named }).map(([name, changes]) => [name, merged(ci, changes)])
  return { ci, ...Object.fromEntries(others) }
}

function merged<Names extends string>(base: GatewaySettings<Names>, changes: GatewaySettings<Names>): GatewaySettings<Names> {
  const entries = Object.entries<object>(changes).map(([name, change]) => [name, { ...own<object>(base, name), ...change }])
  return { ...base, ...Object.fromEntries(entries) }
}

/** `factor` times a span that the settings give, in milliseconds. */
export function times(factor: number, span: Ms): Ms {
  return factor * span
}
